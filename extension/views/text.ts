/** Text made safe for Markdown, and short. */
/** Text that Markdown shows as it is. */
export function plain(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]()#+\-.!|<>&~:$]/g, '\\$&');
}

/** Text as inline code, whatever backticks it has. */
export function code(text: string): string {
  const line = text.replace(/[\r\n]+/g, ' ');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  return fence + pad + line + pad + fence;
}

/** A shell-like command line of at most `limit` characters. */
export function commandLine(argv: readonly string[], limit = 300): string {
  const line = argv.map((part) => (part === '' || /[\s"'\\]/.test(part) ? JSON.stringify(part) : part)).join(' ');
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
