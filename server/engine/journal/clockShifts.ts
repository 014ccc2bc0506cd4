import type { Journal } from './journal';

/** Finds out how the clocks of journals differ from the session's: a process in a time namespace has its own. */
export class ClockShifts {
  private readonly byUid = new Map<number, Journal>();

  /** @param shiftOf ns from a journal's clock to the session's, by its file's name and pid; null: not known, as its parent's */
  constructor(private readonly shiftOf: (journal: string, pid: number) => number | null) {}

  /** The header of this journal is known: its children's journals may name it. */
  register(journal: Journal): void {
    const { header } = journal.file;
    if (header !== null && journal.shift === null) this.byUid.set(header.uid, journal);
  }

  /** Sets the shift of this journal, and of its ancestors where they have none. */
  find(journal: Journal): void {
    const unknown: Journal[] = [];
    let shift: number | null = null;
    // A hostile file may name itself, or its child, as its parent: each gets an answer before its parent is asked.
    for (let each: Journal | undefined = journal; each !== undefined && shift === null; ) {
      const { header }: Journal['file'] = each.file;
      shift = each.shift;
      if (header === null || shift !== null) break;
      shift = this.shiftOf(each.name, header.pid);
      each.shift = shift ?? 0;
      if (shift === null) unknown.push(each);
      each = this.byUid.get(header.parentUid);
    }
    for (const each of unknown) each.shift = shift ?? 0;
  }
}
