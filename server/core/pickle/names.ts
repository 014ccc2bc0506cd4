import type { GlobalValue, Value } from './values';

const LONGEST = 120;
const UNSAID = new Set(['builtins', '__main__', '__mp_main__']);
const BUILTIN_TYPES = new Set([
  'bool',
  'bytearray',
  'bytes',
  'complex',
  'dict',
  'float',
  'frozenset',
  'int',
  'list',
  'object',
  'range',
  'set',
  'slice',
  'str',
  'tuple',
  'type',
]); // prettier-ignore

function fullName({ module, name }: GlobalValue): string {
  return (UNSAID.has(module) ? name : `${module}.${name}`).slice(0, LONGEST);
}

/** The last part of a qualified name, with which its repr begins. */
export function shortName({ name }: GlobalValue): string {
  return name.slice(name.lastIndexOf('.') + 1).slice(0, LONGEST);
}

export function typeName(callee: Value): string {
  return callee.kind === 'global' ? fullName(callee) : 'object';
}

const MAKERS = /^(builtins|datetime|collections|decimal|fractions|uuid|pathlib|numpy|copyreg|_codecs)\b/;

/** Whether a name that is followed by a tuple is more likely called with it than a separate value. */
export function isMaker(value: GlobalValue): boolean {
  return MAKERS.test(value.module) || /^_*[A-Z]/.test(shortName(value));
}

/** A pickle does not say whether a name is a class or a function; the spelling nearly always does. */
export function globalText(value: GlobalValue): string {
  if (value.module === 'builtins' && value.name === 'NoneType') return "<class 'NoneType'>";
  if (value.module === 'builtins' && !BUILTIN_TYPES.has(value.name) && !/^[A-Z]/.test(value.name)) {
    return `<built-in function ${fullName(value)}>`;
  }
  const isClass = value.module === 'builtins' || /^_*[A-Z]/.test(shortName(value));
  return isClass ? `<class '${fullName(value)}'>` : `<function ${fullName(value)}>`;
}
