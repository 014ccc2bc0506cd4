/**
 * Text that represents bytes: a byte that is not UTF-8 becomes a lone surrogate, U+DC80 to U+DCFF, as in Python's file
 * names.
 */

/** The bytes that such a text represents. */
export function bytesOf(text: string): Buffer {
  if (!/[\uDC80-\uDCFF]/.test(text)) return Buffer.from(text);
  const parts: Buffer[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code & 0xff]) : Buffer.from(character));
  }
  return Buffer.concat(parts);
}
