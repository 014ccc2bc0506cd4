/** numpy's pickles, as far as a display needs them: shape, type and the first numbers. */
import { floatRepr } from './repr';
import type { ObjectValue, Value } from './values';

const NAMES: Readonly<Record<string, string>> = {
  b1: 'bool',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  c8: 'complex64',
  c16: 'complex128',
  O8: 'object',
  O: 'object',
}; // prettier-ignore

/** "int64" for a pickled `dtype('i8')`. */
export function dtypeName(value: Value | undefined): string | null {
  if (value?.kind !== 'object' || value.args?.kind !== 'sequence') return null;
  const [code] = value.args.items;
  return code?.kind === 'text'
    ? Object.hasOwn(NAMES, code.value)
      ? (NAMES[code.value] as string)
      : code.value.slice(0, 40)
    : null;
}

function bigEndian(value: Value | undefined): boolean {
  if (value?.kind !== 'object' || value.state?.kind !== 'sequence') return false;
  const order = value.state.items[1];
  return order?.kind === 'text' && order.value === '>';
}

interface Format {
  readonly size: number;
  readonly read: (view: DataView, at: number, little: boolean) => string;
}
const FORMATS: Readonly<Record<string, Format>> = {
  bool: { size: 1, read: (view, at) => (view.getUint8(at) === 0 ? 'False' : 'True') },
  int8: { size: 1, read: (view, at) => String(view.getInt8(at)) },
  uint8: { size: 1, read: (view, at) => String(view.getUint8(at)) },
  int16: { size: 2, read: (view, at, little) => String(view.getInt16(at, little)) },
  uint16: { size: 2, read: (view, at, little) => String(view.getUint16(at, little)) },
  int32: { size: 4, read: (view, at, little) => String(view.getInt32(at, little)) },
  uint32: { size: 4, read: (view, at, little) => String(view.getUint32(at, little)) },
  int64: { size: 8, read: (view, at, little) => String(view.getBigInt64(at, little)) },
  uint64: { size: 8, read: (view, at, little) => String(view.getBigUint64(at, little)) },
  float32: { size: 4, read: (view, at, little) => floatRepr(Number(view.getFloat32(at, little).toPrecision(8))) },
  float64: { size: 8, read: (view, at, little) => floatRepr(view.getFloat64(at, little)) },
};

function numbers(bytes: Uint8Array, dtype: string, little: boolean, limit: number): string[] {
  const format = Object.hasOwn(FORMATS, dtype) ? FORMATS[dtype] : undefined;
  if (format === undefined) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: string[] = [];
  for (let at = 0; at + format.size <= bytes.length && found.length < limit; at += format.size) {
    found.push(format.read(view, at, little));
  }
  return found;
}

/** A numpy scalar: its type's name and its value's text. */
export function scalarText(args: readonly Value[]): { type: string; text: string } | null {
  const [type, content] = args;
  const name = dtypeName(type);
  if (name === null || content?.kind !== 'bytes') return null;
  const [text] = numbers(content.bytes, name, !bigEndian(type), 1);
  return text === undefined ? null : { type: name, text };
}

interface ArrayShape {
  readonly shape: string;
  readonly dtype: string;
  /** The first numbers in memory order; empty for types that are not displayed. */
  readonly items: readonly string[];
  readonly more: number;
  readonly cut: boolean;
}

/** An array in either pickled form: `_reconstruct` with a state, or protocol 5's `_frombuffer`. */
export function arrayShape(
  value: ObjectValue,
  callee: string,
  args: readonly Value[],
  limit: number,
): ArrayShape | null {
  let parts: readonly (Value | undefined)[];
  if (callee === '_frombuffer') parts = [args[2], args[1], args[0]];
  else if (callee === '_reconstruct' && value.state?.kind === 'sequence') {
    const [, shape, dtype, , content] = value.state.items;
    parts = [shape, dtype, content];
  } else if (callee === '_reconstruct') parts = [];
  else return null;
  const [sizes, type, content] = parts;
  const dtype = dtypeName(type) ?? '…';
  const dimensions =
    sizes?.kind === 'sequence' ? sizes.items.slice(0, 32).map((each) => (each.kind === 'atom' ? each.text : '…')) : [];
  const shape = sizes === undefined ? '…' : `(${dimensions.join(', ')}${dimensions.length === 1 ? ',' : ''})`;
  const bytes = content?.kind === 'bytes' ? content : null;
  const items = bytes === null ? [] : numbers(bytes.bytes, dtype, !bigEndian(type), Math.max(0, limit - 2));
  const recorded =
    bytes === null || items.length === 0 ? 0 : Math.floor(bytes.bytes.length / (FORMATS[dtype]?.size ?? 1));
  return {
    shape,
    dtype,
    items,
    more: recorded - items.length,
    cut: value.open || (bytes?.open ?? sizes === undefined),
  };
}
