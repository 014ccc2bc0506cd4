import { SessionHistory } from '../../core/history/sessionHistory';
import { applyImage } from '../../core/model/apply/image';
import { applyRecord } from '../../core/model/apply/record';
import { countDropped } from '../../core/model/apply/system';
import type { RecordFields } from '../../core/model/input/fields';
import type { SessionModel } from '../../core/model/state/sessionModel';
import { log } from '../log/log';
import { ClockShifts } from './clockShifts';
import { EventMerge, type Merged } from './eventMerge';
import type { Journal } from './journal';
import { JournalSet } from './journalSet';
import { type Payload, readPayload } from './payload';
import { type RecordedSpan, readSpans } from './spanReader';
import { readLastSlots, readLiveSlots, readSurvivorSlots } from './threadSlots';

/** Events younger than this wait for those of other processes that are older but not read yet. */
const SETTLE_NS = 4e6;

/** Brings the journals of one session folder into a model, as they grow or all at once. */
export class SessionReader {
  private readonly journals: JournalSet;
  private readonly events: EventMerge;
  private readonly clocks: ClockShifts;
  private readonly byImage = new Map<number, Journal>();
  /** Summaries of what every thread did, for the whole run. */
  readonly history = new SessionHistory();
  /** Journals that the last poll looked at. */
  private visited = 0;

  /**
   * @param clock monotonic ns of the same clock as the journals'; null for a recording: everything is old enough
   * @param shiftOf ns from the clock of the process that wrote this journal to that clock; null: not known, it is as its parent's
   */
  constructor(
    folder: string,
    private readonly model: SessionModel,
    private readonly clock: (() => number) | null,
    shiftOf: (journal: string, pid: number) => number | null = () => 0,
  ) {
    this.journals = new JournalSet(folder, {
      warn: (sentence) => model.warn(sentence),
      lost: () => model.channels.loseCount(),
    });
    this.events = new EventMerge(model, this.history);
    this.clocks = new ClockShifts(shiftOf);
  }

  /** What reading costs now: files that are open, journals that the last poll looked at, listings of the folder until now. */
  get work(): { readonly open: number; readonly visited: number; readonly listings: number } {
    return { ...this.journals.work, visited: this.visited };
  }

  /** Wall clock minus the session's monotonic clock, ns, as the oldest journal says it; null when there is none yet. */
  get wallOffset(): number | null {
    let oldest: Journal | null = null;
    for (const journal of this.journals.all.values()) {
      if (journal.file.header === null || journal.shift === null) continue;
      if (oldest === null || journal.created < oldest.created) oldest = journal;
    }
    const header = oldest?.file.header ?? null;
    return header === null ? null : header.createdWall - header.createdMono - (oldest?.shift ?? 0);
  }

  /** Journals of processes with a clock of their own, and ns from it to the session's. */
  get shifts(): Readonly<Record<string, number>> {
    const found = [...this.journals.all].filter(([, { shift }]) => shift !== null && shift !== 0);
    return Object.fromEntries(found.map(([name, { shift }]) => [name, shift as number]));
  }

  /** Reads what there is. @param options `final`: apply everything, however young; `slots`: read those of live processes too */
  poll(options: { final?: boolean; slots?: boolean } = {}): Merged {
    const { journals, model, clock } = this;
    journals.discover();
    const final = options.final === true || clock === null;
    const watermark = final ? Number.POSITIVE_INFINITY : (clock as () => number)() - SETTLE_NS;
    const wall = Date.now();
    journals.revisit(options.final === true && clock !== null);
    this.visited = journals.live.size;
    // The ring's first look comes before the records: so a definition always precedes its use.
    const active = this.withEvents(final, wall);
    this.records(final);
    for (const journal of active) if (journal.totalsDue && journal.image !== null) this.events.readTotals(journal);
    for (const journal of journals.live) this.events.lookBack(journal);
    // A pending gap may hold an older event than any that is ready.
    const waits = !final && [...journals.live].some((each) => each.ring.waits);
    const result = waits ? { events: 0, more: false } : this.events.merge(active, { watermark, final, wall });
    for (const journal of journals.live) this.countDropped(journal);
    if (options.slots === true && clock !== null) readLiveSlots(model, journals.live, clock());
    if (options.slots === true || final) this.lastSlots(final, wall);
    journals.retire(wall, options.final === true, clock === null);
    return result;
  }

  private withEvents(final: boolean, wall: number): Journal[] {
    const found: Journal[] = [];
    for (const journal of this.journals.live) {
      if (!this.journals.hasHeader(journal)) continue;
      this.clocks.register(journal);
      journal.ring.lookAnew();
      if (!journal.ring.ready(!final && journal.isAlive, wall)) continue;
      journal.quietSince = 0;
      found.push(journal);
    }
    return found;
  }

  /** New images in order of their start, then all new records in order of time. */
  private records(final: boolean): void {
    const { live } = this.journals;
    const fresh = [...live].filter((each) => each.image === null && each.file.header !== null);
    for (const journal of fresh) this.clocks.find(journal);
    fresh.sort((a, b) => a.created - b.created);
    const found: { at: number; journal: Journal; record: RecordFields }[] = [];
    for (const journal of live) {
      if (journal.file.header === null) continue;
      journal.meta.poll((record) => {
        journal.quietSince = 0;
        const at = typeof record['t'] === 'number' ? record['t'] + (journal.shift ?? 0) : 0;
        found.push({ at, journal, record: journal.shift ? { ...record, t: at } : record });
      }, !final);
      if (journal.meta.damaged > 0) this.model.warn(`${journal.name} has ${journal.meta.damaged} damaged records.`);
    }
    for (const journal of fresh) found.push({ at: journal.created, journal, record: IMAGE });
    found.sort((a, b) => a.at - b.at || Number(b.record === IMAGE) - Number(a.record === IMAGE));
    for (const { journal, record } of found) {
      if (record === IMAGE) this.addImage(journal);
      else if (journal.image !== null) applyRecord(this.model, journal.image, record);
    }
  }

  private addImage(journal: Journal): void {
    const { header } = journal.file;
    if (header === null || journal.image !== null) return;
    const { pid, uid, parentUid, ppid } = header;
    const image = applyImage(this.model, pid, uid, parentUid, journal.created, ppid);
    journal.image = image;
    log.note('journal', () => `${journal.name}: pid ${pid}, process ${image.process.id}`);
    this.byImage.set(image.number, journal);
    this.history.addImage(image.number, journal.created);
  }

  private countDropped(journal: Journal): void {
    const dropped = journal.ring.lost + journal.file.metaDropped + journal.file.ringDropped;
    countDropped(this.model, dropped - journal.dropped);
    journal.dropped = dropped;
  }

  private lastSlots(final: boolean, wall: number): void {
    const { unsettled } = this.journals;
    for (const journal of unsettled) {
      try {
        if (readLastSlots(this.model, journal, final, wall)) unsettled.delete(journal);
      } catch (error) {
        log.swallowed(`the last look at ${journal.file.path}`, error);
        unsettled.delete(journal); // its file is gone
      }
      this.journals.release(journal);
    }
  }

  /** In a recording: what the threads of processes that outlived it were in. */
  slotsOfSurvivors(): void {
    for (const journal of this.journals.unsettled) {
      readSurvivorSlots(this.model, journal);
      this.journals.release(journal);
    }
  }

  /** The recorded head of one payload; null when it was recycled. */
  payload(image: number, seq: number): Payload | null {
    const journal = this.byImage.get(image);
    if (journal === undefined) return null;
    try {
      return readPayload(journal.file, seq);
    } catch {
      return null; // it was closed, and is gone
    } finally {
      this.journals.release(journal);
    }
  }

  /** Notes in the history what this image's ring has recycled by now. */
  noteRecycled(image: number): void {
    const floor = this.byImage.get(image)?.file.ringFloor ?? 0;
    if (floor > 0) this.history.recycled(image, floor);
  }

  /** Reads the operations of one thread again, sequence numbers both included, as far as the ring still has them. */
  spans(image: number, thread: number, first: number, last: number, visit: (span: RecordedSpan) => void): void {
    const journal = this.byImage.get(image);
    if (journal === undefined) return;
    try {
      const isQueue = (end: number): boolean => this.events.isQueue(end);
      readSpans(journal.file, journal.shift ?? 0, { thread, first, last }, isQueue, visit);
    } catch (error) {
      log.swallowed(`reading ${journal.file.path} again`, error); // it is gone
    } finally {
      this.journals.release(journal);
    }
  }

  dispose(): void {
    this.journals.dispose();
  }
}

/** Stands for the image of a journal among its records. */
const IMAGE: RecordFields = { type: 'image' };
