/**
 * The one door for text of programs (names, messages, paths, errors) that goes to a terminal or a debug console: what a terminal would obey, or
 * what changes the order or the number of the lines that are shown, becomes visible instead. See docs/security.md.
 */

/**
 * Controls (C0, DEL, C1), line and paragraph separators, marks and overrides of direction, the byte order mark, invisible tags, and halves of
 * a surrogate pair.
 */
const HARMFUL =
  /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One line: whatever would not be seen as itself is written as Python writes it. */
export function plain(text: string): string {
  return text.replace(HARMFUL, (each) => SHORT[each] ?? escaped(each.codePointAt(0) as number));
}

/** Several lines, each with its end: there are no other line ends in them. */
export function plainLines(lines: readonly string[]): string {
  return lines.map((each) => `${plain(each)}\n`).join('');
}

/** An error's text with its stack, as it is given to `plainLines`: the lines of the stack are none of the program's. */
export function stackLines(text: string): string[] {
  return text.split(/\n(?= {4}at )/);
}

/** JSON that a terminal may show, and any reader reads as it is: outside of texts such characters do not occur. */
export function plainJson(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, null, indent);
  return text.replace(HARMFUL, (each) => (each === '\n' ? each : units(each)));
}

function units(each: string): string {
  return each
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
function escaped(point: number): string {
  const hex = point.toString(16);
  if (point < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return point < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** How many columns of a terminal a text takes at most: what is not ASCII may be as wide as two. */
export function columns(text: string): number {
  let count = 0;
  for (const each of text) count += each < '\u007f' ? 1 : 2;
  return count;
}

/** The beginning of a text that surely fits into so many columns of a terminal. */
export function fitting(text: string, most: number): string {
  let count = 0;
  let end = 0;
  for (const each of text) {
    count += columns(each);
    if (count > most) break;
    end += each.length;
  }
  return text.slice(0, end);
}
