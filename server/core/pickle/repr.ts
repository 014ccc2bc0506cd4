/** Python's own spelling of simple values. */

/** A double as `repr(float)` writes it: shortest digits, exponent below 1e-4 and from 1e16. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', power = '0'] = Math.abs(value).toExponential().split('e');
  const sign = value < 0 ? '-' : '';
  const digits = mantissa.replace('.', '');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const tail = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits[0]}${tail}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
// Unprintable according to str.isprintable(): control, format, surrogate, private, unassigned, and every space but " ".
const ESCAPED = /[\\\p{C}\p{Z}]/gu;

function escapeCharacter(character: string): string {
  if (character === ' ') return character;
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

function quoteFor(single: boolean, double: boolean): string {
  return single && !double ? '"' : "'";
}

/** A string as `repr(str)` writes it. */
export function textRepr(value: string): string {
  const quote = quoteFor(value.includes("'"), value.includes('"'));
  const body = value.replace(ESCAPED, escapeCharacter);
  return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote;
}

/** Bytes as `repr(bytes)` writes them. */
export function bytesRepr(bytes: Uint8Array): string {
  const quote = quoteFor(bytes.includes(0x27), bytes.includes(0x22));
  let body = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (character === quote) body += `\\${quote}`;
    else if (byte >= 0x20 && byte < 0x7f && byte !== 0x5c) body += character;
    else body += SHORT_ESCAPES[character] ?? `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `b${quote}${body}${quote}`;
}

/** Longest integer written in digits; Python itself stops at 4300 digits. */
const WRITTEN_BYTES = 1024;

/** A little-endian two's-complement integer as Python writes it. */
export function longRepr(bytes: Uint8Array): string {
  if (bytes.length === 0) return '0';
  if (bytes.length > WRITTEN_BYTES) return `<int of ${bytes.length} bytes>`;
  let hex = '';
  for (let at = bytes.length - 1; at >= 0; at--) hex += (bytes[at] as number).toString(16).padStart(2, '0');
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`)).toString();
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** UTF-8 as written by pickle: lone surrogates are allowed ("surrogatepass"). A truncated last character is omitted. */
export function decodeText(bytes: Uint8Array, open: boolean): string {
  const whole = open ? bytes.subarray(0, wholeCharacters(bytes)) : bytes;
  try {
    return strict.decode(whole);
  } catch {
    return decodeWithSurrogates(whole);
  }
}

function wholeCharacters(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back] as number;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? length - back : length;
    }
    if (byte < 0x80) break;
  }
  return length;
}

function decodeWithSurrogates(bytes: Uint8Array): string {
  let result = '';
  let from = 0;
  for (let at = 0; at + 2 < bytes.length; at++) {
    const second = bytes[at + 1] as number;
    const third = bytes[at + 2] as number;
    if (bytes[at] === 0xed && second >= 0xa0 && second < 0xc0 && third >= 0x80 && third < 0xc0) {
      result += lenient.decode(bytes.subarray(from, at));
      result += String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f));
      at += 2;
      from = at + 1;
    }
  }
  return result + lenient.decode(bytes.subarray(from));
}
