/**
 * Functions and classes pickled by value because the receiver cannot import them, as cloudpickle and dill send them.
 */
import type { ObjectValue, Value } from './values';

interface Travelled {
  readonly kind: 'function' | 'class';
  /** Qualified if the pickle has the qualified name. */
  readonly name: string;
}

const LONGEST = 120;
const CLOUDPICKLE = /(^|\.)cloudpickle(\.|$)/;
const DILL = /^dill(\.|$)/;

/** The function or class that a call builds from its parts; null if it builds neither, or its name was not recorded. */
export function byValue({ callee, args, state }: ObjectValue): Travelled | null {
  if (callee.kind !== 'global') return null;
  const { module, name } = callee;
  const parts = itemsOf(args);
  if ((CLOUDPICKLE.test(module) && name === '_make_function') || (DILL.test(module) && name === '_create_function'))
    return travelled('function', qualifiedName(state) ?? codeName(parts[0]) ?? textOf(parts[2]));
  if ((CLOUDPICKLE.test(module) && name === '_make_skeleton_class') || (DILL.test(module) && name === '_create_type'))
    return travelled('class', qualifiedName(state) ?? textOf(parts[1]));
  return null;
}

/**
 * cloudpickle fills a function or class by a second call, so that it may refer to itself: the object filled by the
 * call, or null.
 */
export function filled(callee: Value, args: Value): Value | null {
  if (callee.kind !== 'global' || !CLOUDPICKLE.test(callee.module)) return null;
  if (callee.name !== '_function_setstate' && callee.name !== '_class_setstate') return null;
  const [owner, state] = itemsOf(args);
  if (owner?.kind !== 'object' || state === undefined) return null;
  owner.state ??= state;
  return owner;
}

function travelled(kind: Travelled['kind'], name: string | null): Travelled | null {
  return name === null ? null : { kind, name: name.slice(0, LONGEST) };
}

function itemsOf(value: Value | null | undefined): readonly Value[] {
  return value?.kind === 'sequence' ? value.items : [];
}

function textOf(value: Value | undefined): string | null {
  return value?.kind === 'text' && !value.open ? value.value : null;
}

/** From its attributes: a dictionary, or a pair of dictionaries. */
function qualifiedName(state: Value | null): string | null {
  for (const each of state?.kind === 'sequence' ? state.items.slice(0, 2) : [state]) {
    if (each?.kind !== 'mapping') continue;
    for (let at = 0; at + 1 < each.entries.length && at < 64; at += 2)
      if (textOf(each.entries[at]) === '__qualname__') return textOf(each.entries[at + 1]);
  }
  return null;
}

/** The texts in a code object are its file, its name and, since Python 3.11, its qualified name. */
function codeName(code: Value | undefined): string | null {
  if (code?.kind !== 'object') return null;
  const parts = itemsOf(code.args);
  // In Python 2 its bytecode is text, too.
  if (!parts.some((each) => each.kind === 'bytes')) return null;
  const texts = parts.filter((each) => each.kind === 'text');
  return textOf(texts[2]) ?? textOf(texts[1]);
}
