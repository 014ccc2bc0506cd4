/** Objects of the standard library and numpy in their familiar spelling. */
import { byValue } from './byValue';
import { dateTimeText } from './dates';
import { shortName, typeName } from './names';
import { arrayShape, dtypeName, scalarText } from './numpy';
import { entriesShape, leaf, list, type Part, type Shape } from './parts';
import { atom, type GlobalValue, type ObjectValue, REST, type Value } from './values';

function argumentsOf(value: ObjectValue): readonly Value[] {
  return value.args?.kind === 'sequence' ? value.args.items : [];
}

/** Null: not a known object. */
export function known(value: ObjectValue, limit: number): Shape | null {
  const { callee } = value;
  if (callee.kind !== 'global') return null;
  const travelled = byValue(value);
  if (travelled !== null) {
    const { kind, name } = travelled;
    return leaf(kind, kind === 'class' ? `<class '${name}'>` : `<function ${name}>`);
  }
  const args = argumentsOf(value);
  const { module, name } = callee;
  if (module === 'datetime') {
    const text = dateTimeText(name, args);
    return text === null ? null : leaf(`datetime.${name}`, text);
  }
  if (module.startsWith('numpy')) return numpyShape(value, callee, args, limit);
  const full = `${module}.${name}`;
  return Object.hasOwn(FORMS, full) ? (FORMS[full]?.(value, args, limit) ?? null) : null;
}

type Form = (value: ObjectValue, args: readonly Value[], limit: number) => Shape | null;

const FORMS: Readonly<Record<string, Form>> = {
  'builtins.bytes': (_value, args) => (args.length === 0 ? leaf('bytes', "b''") : null),
  'builtins.set': (value, args, limit) => collection('set', value, args, limit),
  'builtins.frozenset': (value, args, limit) => collection('frozenset', value, args, limit),
  'builtins.complex': (_value, [real, imaginary]) =>
    real?.kind === 'atom' && imaginary?.kind === 'atom'
      ? leaf('complex', complexText(real.text, imaginary.text))
      : null,
  'builtins.range': (_value, [start, stop, step]) =>
    start !== undefined && stop !== undefined && step?.kind === 'atom' && step.text === '1'
      ? list('range', 'range(', ')', [start, stop], 2, false)
      : null,
  'builtins.getattr': (_value, [owner, name]) => {
    if (owner === undefined || name?.kind !== 'text') return null;
    if (owner.kind === 'global') return leaf(typeName(owner), `${shortName(owner)}.${name.value.slice(0, 100)}`);
    return { ...list('method', '', `.${name.value.slice(0, 100)}`, [owner], 1, false), cycle: '…' };
  },
  'uuid.UUID': (value) => {
    const number = attribute(value.state, 'int');
    if (number?.kind !== 'atom' || !/^\d+$/.test(number.text)) return null;
    const hex = BigInt(number.text).toString(16).padStart(32, '0');
    return leaf('uuid.UUID', `UUID('${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}')`);
  },
  'collections.deque': (value, args, limit) => {
    const size = args[1];
    const bounded = size?.kind === 'atom' && size.type === 'int' ? `, maxlen=${size.text.slice(0, 30)}` : '';
    return list('collections.deque', 'deque([', `]${bounded})`, value.items, limit, value.open);
  },
  'collections.OrderedDict': (value, args, limit) =>
    args.length === 0 && value.state === null
      ? entriesShape('collections.OrderedDict', 'OrderedDict({', '})', value.entries, limit, value.open)
      : null,
  'functools.partial': (value) => {
    if (value.state?.kind !== 'sequence') return null;
    const [callee, args, kwargs] = value.state.items;
    if (callee === undefined || args?.kind !== 'sequence') return null;
    const parts: Part[] = [{ value: callee }, ...args.items.slice(0, 200).map((each) => ({ value: each }))];
    if (kwargs?.kind === 'mapping') {
      for (let at = 0; at < kwargs.entries.length && at < 200; at += 2) {
        const key = kwargs.entries[at] as Value;
        parts.push({ ...(key.kind === 'text' ? { name: key.value } : { key }), value: kwargs.entries[at + 1] ?? REST });
      }
    }
    const type = 'functools.partial';
    return { type, open: `${type}(`, close: ')', parts, more: 0, cut: value.open, cycle: `${type}(...)` };
  },
  'pathlib.PosixPath': (_value, args) => pathText('PosixPath', '/', args),
  'pathlib.PurePosixPath': (_value, args) => pathText('PurePosixPath', '/', args),
  'pathlib.WindowsPath': (_value, args) => pathText('WindowsPath', '/', args),
  'pathlib._local.PosixPath': (_value, args) => pathText('PosixPath', '/', args),
  'pathlib._local.WindowsPath': (_value, args) => pathText('WindowsPath', '/', args),
};

function collection(
  type: 'set' | 'frozenset',
  value: ObjectValue,
  args: readonly Value[],
  limit: number,
): Shape | null {
  const [members] = args;
  if (members?.kind !== 'sequence') return args.length === 0 && !value.open ? leaf(type, `${type}()`) : null;
  if (members.items.length === 0 && !members.open) return leaf(type, `${type}()`);
  const [open, close] = type === 'set' ? ['{', '}'] : ['frozenset({', '})'];
  return list(type, open, close, members.items, limit, members.open || value.open);
}

function complexText(real: string, imaginary: string): string {
  const bare = (text: string) => text.replace(/\.0$/, '');
  if (real === '0.0') return `${bare(imaginary)}j`;
  return `(${bare(real)}${imaginary.startsWith('-') ? '' : '+'}${bare(imaginary)}j)`;
}

function attribute(state: Value | null, name: string): Value | undefined {
  if (state?.kind !== 'mapping') return undefined;
  for (let at = 0; at + 1 < state.entries.length && at < 64; at += 2) {
    const key = state.entries[at];
    if (key?.kind === 'text' && key.value === name) return state.entries[at + 1];
  }
  return undefined;
}

function pathText(name: string, separator: string, args: readonly Value[]): Shape | null {
  const parts: string[] = [];
  for (const each of args.slice(0, 200)) {
    if (each.kind !== 'text' || each.open) return null;
    parts.push(each.value.slice(0, 300));
  }
  const joined = parts.map((part, at) => (at > 0 || part.length > 1 ? part.replace(/[/\\]$/, '') : '')).join(separator);
  const path = parts.length === 0 ? '.' : joined || separator;
  return list(`pathlib.${name}`, `${name}(`, ')', [{ kind: 'text', value: path, open: false }], 1, false);
}

function numpyShape(value: ObjectValue, callee: GlobalValue, args: readonly Value[], limit: number): Shape | null {
  if (callee.name === 'dtype') return leaf('numpy.dtype', `dtype('${dtypeName(value) ?? '…'}')`);
  if (callee.name === 'scalar') {
    const scalar = scalarText(args);
    return scalar === null ? null : leaf(`numpy.${scalar.type}`, `${scalar.type}(${scalar.text})`);
  }
  const array = arrayShape(value, callee.name, args, limit);
  if (array === null) return null;
  const { dtype, shape, items, more, cut } = array;
  const parts: Part[] = [
    { name: 'shape', value: atom('tuple', shape) },
    { name: 'dtype', value: atom('dtype', dtype) },
    ...items.map((text) => ({ value: atom(dtype, text) })),
  ];
  return { type: 'numpy.ndarray', open: 'ndarray(', close: ')', parts, more, cut, cycle: 'ndarray(...)' };
}
