import type { SourceLine } from '../../../protocol/views';

/** Code locations of the whole session, each held once. Number 0 is "no line". */
export class Locations {
  private readonly lines: (SourceLine | null)[] = [null];
  private readonly numbers = new Map<string, number>();

  intern(line: SourceLine): number {
    const key = `${line.file}\n${line.line}\n${line.function}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.lines.push(line) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }
  line(number: number): SourceLine | null {
    return this.lines[number] ?? null;
  }
}
