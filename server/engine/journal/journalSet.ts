import { join } from 'node:path';
import { log } from '../log/log';
import { Descriptors } from './descriptors';
import { Discovery } from './discovery';
import { Journal } from './journal';
import { JournalFile } from './journalFile';

const MAX_JOURNALS = 50_000;
/**
 * A journal of an ended process in which nothing was found for so long is retired, ms: whatever it had before its end is there at once,
 * and a process that shares its journal (a fork in C) or is not gone after all has time to show.
 */
const RETIRE_AFTER = 1000;
/** Of the retired ones so many of the living are looked at again per poll, one at least, in turn. */
const REVISITED = 1 / 8;

interface Callbacks {
  /** A sentence for the user about what could not be read. */
  readonly warn: (sentence: string) => void;
  /** Events of some journal were recycled before they were read. */
  readonly lost: () => void;
}

/** The journals of one session folder: the live ones, which each poll reads, and the retired ones, which cost nothing. */
export class JournalSet {
  /** By file name. */
  readonly all = new Map<string, Journal>();
  /** Those that may still grow. */
  readonly live = new Set<Journal>();
  /** Those whose slots are to be read when their process has ended. */
  readonly unsettled = new Set<Journal>();
  /** Those that ended and were read to their end, the one that was looked at longest ago first. */
  private readonly retired = new Set<Journal>();
  private readonly descriptors = new Descriptors();
  private readonly discovery: Discovery;

  constructor(
    private readonly folder: string,
    private readonly callbacks: Callbacks,
  ) {
    this.discovery = new Discovery(folder);
  }

  /** What reading costs: files that are open, and listings of the folder until now. */
  get work(): { readonly open: number; readonly listings: number } {
    return { open: this.descriptors.count, listings: this.discovery.listings };
  }

  /** Adds the journals that are new in the folder. */
  discover(): void {
    let names: readonly string[];
    try {
      names = this.discovery.names();
    } catch (error) {
      log.swallowed(`listing ${this.folder}`, error);
      this.callbacks.warn(
        `The session folder ${this.folder} cannot be read any more; what was read before is still shown.`,
      );
      return;
    }
    for (const name of names) {
      if (this.all.has(name)) continue;
      if (this.all.size >= MAX_JOURNALS) {
        this.callbacks.warn(`Only the first ${MAX_JOURNALS} processes are shown.`);
        return;
      }
      this.open(name);
    }
  }

  private open(name: string): void {
    try {
      const file = new JournalFile(join(this.folder, name), this.descriptors);
      const journal = new Journal(file, this.callbacks.lost);
      this.all.set(name, journal);
      this.live.add(journal);
      this.unsettled.add(journal);
      log.note('journal', `${name} opened`);
    } catch (error) {
      log.swallowed(`opening the journal ${name}`, error);
      this.callbacks.warn(`The journal ${name} cannot be opened: ${(error as Error).message}.`);
    }
  }

  /** Whether this journal's header could be read; one that is no journal is left out from now on. */
  hasHeader(journal: Journal): boolean {
    try {
      return journal.file.readHeader();
    } catch (error) {
      log.swallowed(`reading the head of ${journal.file.path}`, error);
      this.live.delete(journal);
      this.unsettled.delete(journal);
      journal.file.close();
      this.callbacks.warn(`The journal ${journal.name} is left out: ${(error as Error).message}.`);
      return false;
    }
  }

  /** Brings some of the retired journals back for one look. @param all before the end: whatever was written after all */
  revisit(all: boolean): void {
    let left = all ? this.retired.size : Math.max(1, Math.floor(this.live.size * REVISITED));
    for (const journal of this.retired) {
      if (left-- <= 0) return;
      this.retired.delete(journal);
      this.live.add(journal);
    }
  }

  /**
   * Retires journals that do not grow any more, and closes their files.
   * @param wall ms; @param final the session is over; @param recorded of a recording: nothing grows
   */
  retire(wall: number, final: boolean, recorded: boolean): void {
    for (const journal of this.live) {
      if (journal.quietSince === 0) {
        journal.late ||= journal.retiredOnce;
        journal.quietSince = wall;
      }
      if (!this.isAtRest(journal, wall, final, recorded)) continue;
      if (!journal.retiredOnce) log.note('journal', () => `${journal.name} retired`);
      journal.retiredOnce = true;
      this.live.delete(journal);
      this.retired.add(journal);
      journal.file.close();
    }
  }

  private isAtRest(journal: Journal, wall: number, final: boolean, recorded: boolean): boolean {
    if (journal.image === null || journal.ring.block !== null) return false;
    if (recorded) return true;
    if (!final && (journal.late || wall - journal.quietSince < RETIRE_AFTER)) return false;
    return !this.unsettled.has(journal);
  }

  /** A look at a retired journal is over: it has opened the file again. */
  release(journal: Journal): void {
    if (this.retired.has(journal)) journal.file.close();
  }

  dispose(): void {
    for (const journal of this.all.values()) journal.file.close();
    for (const set of [this.all, this.live, this.retired, this.unsettled]) set.clear();
  }
}
