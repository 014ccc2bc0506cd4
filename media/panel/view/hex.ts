/** Lines of 16 bytes: offset, bytes, and readable characters. @param hex two digits per byte */
export function hexLines(hex: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < hex.length; at += 32) {
    const part = hex.slice(at, at + 32);
    const pairs = part.match(/../g) ?? [];
    const readable = pairs.map((pair) => {
      const code = Number.parseInt(pair, 16);
      return code >= 32 && code < 127 ? String.fromCharCode(code) : '·';
    });
    lines.push(`${(at / 2).toString(16).padStart(4, '0')}  ${pairs.join(' ').padEnd(47)}  ${readable.join('')}`);
  }
  return lines;
}
