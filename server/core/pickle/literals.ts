/** The text forms of protocol 0 and 1. */
import { Stop } from './cursor';
import { atom, FALSE, TRUE, type Value } from './values';

const latin1 = new TextDecoder('latin1');

export function asciiLine(line: Uint8Array): string {
  return latin1.decode(line);
}

/** INT and LONG: decimal digits, "00" and "01" for the booleans, an L at the end of Python 2's longs. */
export function decimal(line: Uint8Array, booleans: boolean): Value {
  const text = asciiLine(line);
  if (booleans && text === '00') return FALSE;
  if (booleans && text === '01') return TRUE;
  const digits = /^\s*([+-]?)0*(\d+)L?\s*$/.exec(text);
  if (digits === null) throw new Stop('invalid');
  return atom('int', (digits[1] === '-' && digits[2] !== '0' ? '-' : '') + digits[2]);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** STRING: a quoted literal of Python 2. */
export function quoted(line: Uint8Array): string {
  const text = asciiLine(line).trim();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote)) throw new Stop('invalid');
  return text.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/g, (whole, code: string) => {
    if (code.length === 3 && code[0] === 'x') return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    return ESCAPES[code] ?? whole;
  });
}

/** UNICODE: latin-1 with \uXXXX and \UXXXXXXXX. */
export function rawUnicode(line: Uint8Array): string {
  return asciiLine(line).replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g,
    (whole, four?: string, eight?: string) => {
      const code = Number.parseInt(four ?? eight ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
