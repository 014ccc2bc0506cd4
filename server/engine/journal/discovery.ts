import { readdirSync, statSync } from 'node:fs';
import { JOURNAL_SUFFIX } from '../../protocol/vocabulary';

/** A folder whose time of change is younger than this may change once more without another time, ms: clocks of files are coarse. */
const YOUNG = 100;
const YOUNG_IN_SECONDS = 2500;

/** Finds the journals of a folder, and lists it again only when it has changed: it keeps the journal of every process that ever lived. */
export class Discovery {
  private changedAt = -1;
  private settled = false;
  /** Listings until now. */
  listings = 0;

  constructor(private readonly folder: string) {}

  /**
   * Names of journals, or nothing while there can be no new one.
   * @throws when the folder cannot be read
   */
  names(): readonly string[] {
    const { mtimeMs } = statSync(this.folder);
    if (mtimeMs === this.changedAt && this.settled) return [];
    const age = Date.now() - mtimeMs;
    this.settled = age > (mtimeMs % 1000 === 0 ? YOUNG_IN_SECONDS : YOUNG);
    this.changedAt = mtimeMs;
    this.listings++;
    return readdirSync(this.folder).filter((name) => name.endsWith(JOURNAL_SUFFIX));
  }
}
