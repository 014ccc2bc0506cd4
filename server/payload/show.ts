import type { PayloadNode } from '../protocol/views';
import type { Value } from './values';

const MAX_DEPTH = 12;
const MAX_NODES = 2000;
const MAX_CHILDREN = 200;

/** A short text of a value, as Python would write it where it can be told. @param limit in characters */
export function text(value: Value, limit = 200): string {
  const writer = new Writer(limit);
  writer.write(value, 0);
  return writer.done();
}

class Writer {
  private out = '';
  private full = false;
  private steps = 0;

  constructor(private readonly limit: number) {}

  done(): string {
    return this.out.length > this.limit ? `${this.out.slice(0, this.limit - 1)}…` : this.out;
  }
  private put(part: string): void {
    if (this.out.length > this.limit) this.full = true;
    else this.out += part.length > this.limit ? part.slice(0, this.limit + 1) : part;
  }

  write(value: Value, depth: number): void {
    if (this.full || this.steps++ > 5000) return;
    if (depth > MAX_DEPTH) {
      this.put('…');
      return;
    }
    switch (value.kind) {
      case 'list':
        this.series('[', value.items, ']', depth);
        break;
      case 'tuple':
        this.series('(', value.items, value.items.length === 1 ? ',)' : ')', depth);
        break;
      case 'set':
        if (value.items.length === 0) this.put(value.frozen ? 'frozenset()' : 'set()');
        else this.series(value.frozen ? 'frozenset({' : '{', value.items, value.frozen ? '})' : '}', depth);
        break;
      case 'dict':
        this.put('{');
        this.entries(value.entries, depth);
        this.put('}');
        break;
      case 'object':
        this.object(value, depth);
        break;
      default:
        this.put(scalar(value));
    }
  }

  private series(open: string, items: readonly Value[], close: string, depth: number): void {
    this.put(open);
    for (let i = 0; i < items.length && !this.full; i++) {
      if (i > 0) this.put(', ');
      this.write(items[i] as Value, depth + 1);
    }
    this.put(close);
  }
  private entries(entries: readonly (readonly [Value, Value])[], depth: number): void {
    for (let i = 0; i < entries.length && !this.full; i++) {
      const [key, item] = entries[i] as [Value, Value];
      if (i > 0) this.put(', ');
      this.write(key, depth + 1);
      if (isEllipsis(key)) continue;
      this.put(': ');
      this.write(item, depth + 1);
    }
  }
  private object(value: Extract<Value, { kind: 'object' }>, depth: number): void {
    const shape = describe(value);
    this.put(`${shape.type}(`);
    let first = true;
    for (const each of shape.args) {
      if (this.full) return;
      if (!first) this.put(', ');
      first = false;
      this.write(each, depth + 1);
    }
    for (const [name, each] of shape.attributes) {
      if (this.full) return;
      if (!first) this.put(', ');
      first = false;
      this.put(`${name}=`);
      this.write(each, depth + 1);
    }
    this.put(')');
  }
}

/** How an object reads: its type, positional arguments and attributes, from what its pickle would call and set. */
function describe(value: Extract<Value, { kind: 'object' }>): {
  type: string;
  args: readonly Value[];
  attributes: [string, Value][];
} {
  let type = value.callee.kind === 'name' ? value.callee.name : '?';
  let args: readonly Value[] = value.args.kind === 'tuple' ? value.args.items : [value.args];
  const first = args[0];
  // copyreg's two ways of making an instance name the class as an argument
  if ((type === '_reconstructor' || type === '__newobj__' || type === '__newobj_ex__') && first?.kind === 'name') {
    type = first.name;
    args = [];
  }
  const attributes: [string, Value][] = [];
  const state = value.state;
  const dictionary =
    state?.kind === 'tuple' && state.items.length === 2 && state.items[1]?.kind === 'dict' ? state.items[1] : state;
  if (dictionary?.kind === 'dict') {
    for (const [key, item] of dictionary.entries)
      attributes.push([key.kind === 'str' ? key.text : text(key, 40), item]);
  } else if (dictionary !== null && dictionary !== undefined && dictionary.kind !== 'none') {
    args = [...args, dictionary];
  }
  if (value.items.length > 0) args = [...args, { kind: 'list', items: value.items }];
  if (value.entries.length > 0) args = [...args, { kind: 'dict', entries: value.entries }];
  return { type, args, attributes };
}

function isEllipsis(value: Value): boolean {
  return value.kind === 'opaque' && value.text === '…';
}

function scalar(value: Value): string {
  switch (value.kind) {
    case 'none':
      return 'None';
    case 'bool':
      return value.value ? 'True' : 'False';
    case 'int':
      return value.value.toString();
    case 'float':
      return floatText(value.value);
    case 'str':
      return quoted(value.text);
    case 'bytes':
      return bytesText(value.bytes, value.length, value.type);
    case 'name':
      return value.module === '' || value.module === 'builtins' || value.module === '__main__'
        ? `<${value.name}>`
        : `<${value.module}.${value.name}>`;
    case 'opaque':
      return value.text;
    default:
      return '…';
  }
}

export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const plain = String(value);
  const exponent = /^(-?[\d.]+)e([+-])(\d+)$/.exec(plain);
  if (exponent !== null) {
    const size = Number(exponent[3]);
    // Python goes on without an exponent up to 1e16, JavaScript up to 1e21
    return `${exponent[1]}e${exponent[2]}${String(size).padStart(2, '0')}`;
  }
  if (Math.abs(value) >= 1e16) {
    const [digits, power] = value.toExponential().split('e+') as [string, string];
    return `${digits}e+${power.padStart(2, '0')}`;
  }
  if (value !== 0 && Math.abs(value) < 1e-4) {
    const [digits, power] = value.toExponential().split('e-') as [string, string];
    return `${digits}e-${power.padStart(2, '0')}`;
  }
  return plain.includes('.') ? plain : `${plain}.0`;
}

/** A str as Python's repr writes it. */
export function quoted(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  let out = quote;
  for (const char of value.length > 2000 ? `${value.slice(0, 2000)}…` : value) {
    const code = char.codePointAt(0) as number;
    if (char === quote || char === '\\') out += `\\${char}`;
    else if (char === '\n') out += '\\n';
    else if (char === '\r') out += '\\r';
    else if (char === '\t') out += '\\t';
    else if (code < 32 || code === 127) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(char))
      out += code < 256 ? `\\x${code.toString(16)}` : `\\u${code.toString(16).padStart(4, '0')}`;
    else out += char;
  }
  return out + quote;
}

/** Bytes as Python's repr writes them. */
export function bytesText(bytes: Uint8Array, length = bytes.length, type: 'bytes' | 'bytearray' = 'bytes'): string {
  const quote = bytes.includes(39) && !bytes.includes(34) ? '"' : "'";
  let out = '';
  for (const byte of bytes.subarray(0, 500)) {
    if (byte === 92 || byte === quote.charCodeAt(0)) out += `\\${String.fromCharCode(byte)}`;
    else if (byte === 9) out += '\\t';
    else if (byte === 10) out += '\\n';
    else if (byte === 13) out += '\\r';
    else if (byte < 32 || byte > 126) out += `\\x${byte.toString(16).padStart(2, '0')}`;
    else out += String.fromCharCode(byte);
  }
  if (length > Math.min(bytes.length, 500)) out += '…';
  const literal = `b${quote}${out}${quote}`;
  return type === 'bytes' ? literal : `bytearray(${literal})`;
}

/** The display tree of a value, bounded in depth, width and size; cycles end at the depth limit. */
export function tree(value: Value): PayloadNode {
  return node(value, '', 0, { left: MAX_NODES });
}

function node(value: Value, name: string, depth: number, budget: { left: number }): PayloadNode {
  budget.left--;
  const children = depth >= MAX_DEPTH || budget.left <= 0 ? [] : childrenOf(value);
  const shown: PayloadNode[] = [];
  for (const [key, each] of children.slice(0, MAX_CHILDREN)) {
    if (budget.left <= 0) break;
    shown.push(node(each, key, depth + 1, budget));
  }
  if (shown.length < children.length)
    shown.push({ type: '…', name: '…', text: `${children.length - shown.length} more` });
  return { type: typeOf(value), name, text: text(value, 120), ...(shown.length > 0 && { children: shown }) };
}

function typeOf(value: Value): string {
  switch (value.kind) {
    case 'none':
      return 'NoneType';
    case 'bytes':
      return value.type;
    case 'set':
      return value.frozen ? 'frozenset' : 'set';
    case 'name':
      return 'name';
    case 'object':
      return describe(value).type;
    case 'opaque':
      return '…';
    default:
      return value.kind;
  }
}

function childrenOf(value: Value): [string, Value][] {
  switch (value.kind) {
    case 'list':
    case 'tuple':
    case 'set':
      return value.items.map((each, index) => [String(index), each]);
    case 'dict':
      return value.entries.map(([key, each]) => [text(key, 60), each]);
    case 'object': {
      const { args, attributes } = describe(value);
      return [...args.map((each, index): [string, Value] => [String(index), each]), ...attributes];
    }
    default:
      return [];
  }
}
