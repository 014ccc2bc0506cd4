let strings: Readonly<Record<string, string>> = {};

export function setStrings(found: Readonly<Record<string, string>>): void {
  strings = found;
}
/** The text in the user's language; `{0}` and so on are replaced. The English text is the key. */
export function t(text: string, ...args: readonly (string | number)[]): string {
  const found = strings[text] ?? text;
  return found.replace(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)] ?? ''));
}
