/** Computes the shape of every value. */
import { byValue } from './byValue';
import { known } from './known';
import { globalText, shortName, typeName } from './names';
import { entriesShape, leaf, list, type Part, type Shape } from './parts';
import { bytesRepr, textRepr } from './repr';
import { type BytesValue, type ObjectValue, REST, sequence, type TextValue, type Value } from './values';

/**
 * @param limit maximum number of parts to list
 * @param characters maximum length of a string or bytes
 */
export function shapeOf(value: Value, limit: number, characters: number): Shape {
  switch (value.kind) {
    case 'atom':
      return leaf(value.type, value.text);
    case 'text':
      return textLeaf(value, characters);
    case 'bytes':
      return bytesLeaf(value, characters);
    case 'rest':
      return leaf('…', '…');
    case 'global':
      return leaf('global', globalText(value));
    case 'reference':
      return { ...list(value.type, `<${value.type} `, '>', [value.of], limit, false), cycle: '<…>' };
    case 'sequence': {
      const { type, items, open } = value;
      if (type === 'list') return list(type, '[', ']', items, limit, open);
      if (type === 'tuple') return list(type, '(', items.length === 1 && !open ? ',)' : ')', items, limit, open);
      if (items.length === 0 && !open) return leaf(type, `${type}()`);
      return type === 'set'
        ? list(type, '{', '}', items, limit, open)
        : list(type, 'frozenset({', '})', items, limit, open);
    }
    case 'mapping':
      return entriesShape('dict', '{', '}', value.entries, limit, value.open);
    case 'object':
      return known(value, limit) ?? objectShape(value, limit);
  }
}

function textLeaf(value: TextValue, characters: number): Shape {
  const whole = value.value.length <= characters;
  return leaf('str', textRepr(whole ? value.value : cutText(value.value, characters)), value.open || !whole);
}

/** Never cuts between the halves of a surrogate pair. */
function cutText(value: string, characters: number): string {
  const last = value.charCodeAt(characters - 1);
  return value.slice(0, last >= 0xd800 && last < 0xdc00 ? characters - 1 : characters);
}

function bytesLeaf(value: BytesValue, characters: number): Shape {
  const whole = value.bytes.length <= characters;
  const shown = bytesRepr(whole ? value.bytes : value.bytes.subarray(0, characters));
  const cut = value.open || !whole;
  if (value.type === 'bytes') return leaf('bytes', shown, cut);
  return { ...leaf('bytearray', `bytearray(${shown}`, cut), close: ')' };
}

/** `Job(1, [2], id=3)`: arguments, members, attributes. */
function objectShape(value: ObjectValue, limit: number): Shape {
  const parts: Part[] = [];
  let more = 0;
  let cut = value.open;
  const add = (part: Part) => {
    if (parts.length < limit) parts.push(part);
    else more += 1;
  };
  if (value.args?.kind === 'sequence') {
    for (const each of value.args.items.slice(0, limit)) add({ value: each });
    more += Math.max(0, value.args.items.length - limit);
    cut ||= value.args.open;
  } else if (value.args !== null) add({ value: value.args });
  if (value.items.length > 0) add({ value: sequence('list', value.items) });
  if (value.entries.length > 0) add({ value: { kind: 'mapping', entries: value.entries, open: false } });
  for (const each of [value.kwargs, ...stateParts(value.state)]) {
    if (each === null) continue;
    if (each.kind === 'mapping') {
      cut ||= each.open;
      for (let at = 0; at < each.entries.length && parts.length < limit; at += 2) {
        const key = each.entries[at] as Value;
        const member = each.entries[at + 1] ?? REST;
        add(key.kind === 'text' ? { name: key.value.slice(0, 100), value: member } : { key, value: member });
      }
    } else add({ name: 'state', value: each });
  }
  const callee = loaded(value.callee);
  const name = callee.kind === 'global' ? shortName(callee) : '<call>';
  return { type: typeName(callee), open: `${name}(`, close: ')', parts, more, cut, cycle: `${name}(...)` };
}

/**
 * A class built by a call: one pickled by value, or dill's reference to a builtin class, `_load_type('ValueError')`.
 */
function loaded(callee: Value): Value {
  const travelled = callee.kind === 'object' ? byValue(callee) : null;
  if (travelled !== null) return { kind: 'global', module: '__main__', name: travelled.name };
  if (callee.kind !== 'object' || callee.callee.kind !== 'global' || callee.callee.name !== '_load_type') return callee;
  const first = callee.args?.kind === 'sequence' ? callee.args.items[0] : undefined;
  return first?.kind === 'text' ? { kind: 'global', module: 'builtins', name: first.value } : callee;
}

/** A state is a dictionary or, with slots, a pair of an optional dictionary and another one; None carries no state. */
function stateParts(state: Value | null): Value[] {
  if (state === null || (state.kind === 'atom' && state.type === 'NoneType')) return [];
  if (state.kind === 'sequence' && state.type === 'tuple' && state.items.length === 2) {
    const [first, second] = state.items;
    if (
      second?.kind === 'mapping' &&
      (first?.kind === 'mapping' || (first?.kind === 'atom' && first.type === 'NoneType'))
    ) {
      return first.kind === 'mapping' ? [first, second] : [second];
    }
  }
  return [state];
}
