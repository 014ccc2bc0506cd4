import { basename } from 'node:path';
import type { Image } from '../../core/model/entities/process';
import type { Block, JournalFile } from './journalFile';
import { MetaReader } from './metaReader';
import { RingReader } from './ringReader';
import { orderTimeAt } from './slotCursor';
import { Totals } from './totals';

/** One journal of a session, and how far it was read. */
export class Journal {
  readonly ring: RingReader;
  readonly meta: MetaReader;
  readonly totals = new Totals();
  /** Events were lost, and their counts have not been looked for. */
  totalsDue = false;
  image: Image | null = null;
  /** Ns from its clock to the session's; null before its header was read. */
  shift: number | null = null;
  /** What the model knows of its losses. */
  dropped = 0;
  /** Its slots were read after the end of its process. */
  closed = false;
  /** Wall clock, ms, since when nothing new was found in it; 0: the last look found something. */
  quietSince = 0;
  retiredOnce = false;
  /** It was retired, and then written to all the same: never again. */
  late = false;

  /** @param lost called when events were recycled before they were read */
  constructor(
    readonly file: JournalFile,
    lost: () => void,
  ) {
    this.ring = new RingReader(file, () => {
      this.totalsDue = true;
      lost();
    });
    this.meta = new MetaReader(file);
  }

  get name(): string {
    return basename(this.file.path);
  }
  /** Its process has not ended, as far as is known. */
  get isAlive(): boolean {
    return this.image === null || !this.image.process.ended;
  }
  /** When its image began, monotonic ns on the session's clock. */
  get created(): number {
    return (this.file.header?.createdMono ?? 0) + (this.shift ?? 0);
  }
  /** The time that orders the event in front of its ring, monotonic ns on the session's clock. */
  get frontTime(): number {
    return orderTimeAt(this.ring.block as Block, this.ring.slot) + (this.shift ?? 0);
  }
}
