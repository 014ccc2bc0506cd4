/** The lines of a stream of text. */
export class LineSplitter {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private pending: string[] = [];
  private length = 0;

  /**
   * @param longest of a line, in UTF-16 units
   * @param line receives each line, without its end
   */
  constructor(
    private readonly longest: number,
    private readonly line: (text: string) => void,
  ) {}

  /** @returns false where a line is too long: that line is lost up to here. @throws what `line` throws */
  push(chunk: Uint8Array | string): boolean {
    let rest = typeof chunk === 'string' ? chunk : this.decoder.decode(chunk, { stream: true });
    for (;;) {
      const end = rest.indexOf('\n');
      const part = end < 0 ? rest : rest.slice(0, end);
      this.length += part.length;
      if (this.length > this.longest) {
        this.take();
        return false;
      }
      this.pending.push(part);
      if (end < 0) return true;
      rest = rest.slice(end + 1);
      this.line(this.take());
    }
  }

  private take(): string {
    const text = this.pending.join('');
    this.pending = [];
    this.length = 0;
    return text;
  }
}
