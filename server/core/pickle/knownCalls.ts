import { filled } from './byValue';
import { type GlobalValue, object, sequence, type Value } from './values';

/**
 * The result of a call, where pickle itself uses a function to build something simpler: bytes, or an object of a class.
 */
export function knownCallResult(callee: Value, args: Value): Value {
  const items = args.kind === 'sequence' ? args.items : [];
  if (callee.kind !== 'global') return object(callee, args);
  switch (`${callee.module}.${callee.name}`) {
    case '_codecs.encode':
      return latin1(items) ?? object(callee, args);
    case 'copyreg._reconstructor':
      return reconstructed(items) ?? object(callee, args);
    case 'copyreg.__newobj__':
      return isGlobal(items[0]) ? object(items[0], sequence('tuple', items.slice(1))) : object(callee, args);
    default:
      return filled(callee, args) ?? object(callee, args);
  }
}

function isGlobal(value: Value | undefined): value is GlobalValue {
  return value?.kind === 'global';
}

/** Protocols 0 to 2 write bytes as text to be encoded. */
function latin1([content, encoding]: readonly Value[]): Value | null {
  if (content?.kind !== 'text' || encoding?.kind !== 'text' || encoding.value !== 'latin1') return null;
  const bytes = Uint8Array.from(content.value, (character) => character.charCodeAt(0));
  return { kind: 'bytes', type: 'bytes', bytes, open: content.open };
}

/** Protocols 0 and 1 write an object as its class, a base class of C and that base's value. */
function reconstructed([cls, base, content]: readonly Value[]): Value | null {
  if (!isGlobal(cls) || !isGlobal(base) || content === undefined) return null;
  if (base.name === 'object') return object(cls, sequence('tuple', []));
  return object(cls, base.name === 'tuple' ? content : sequence('tuple', [content]));
}
