import { basename, join } from 'node:path';
import { applyEvent } from '../../core/model/apply/event';
import { applyImage } from '../../core/model/apply/image';
import { applyRecord } from '../../core/model/apply/record';
import { applyLastSlots, applySlots } from '../../core/model/apply/slots';
import { settle } from '../../core/model/apply/unfinished';
import type { Image } from '../../core/model/entities/process';
import type { RecordFields } from '../../core/model/input/fields';
import type { SessionModel } from '../../core/model/state/sessionModel';
import * as v from '../../protocol/vocabulary';
import { log } from '../log/log';
import { Descriptors } from './descriptors';
import { Discovery } from './discovery';
import { type Block, JournalFile } from './journalFile';
import { MetaReader } from './metaReader';
import { type Payload, readPayload } from './payload';
import { RingReader } from './ringReader';
import { orderTimeAt, SlotCursor, totalsAt } from './slotCursor';
import { readSlots } from './threadSlots';
import { Totals } from './totals';

const WORDS = v.SLOT_SIZE / 4;
/** Events younger than this wait for those of other processes that are older but not read yet. */
const SETTLE_NS = 4e6;
/** The runtime recycles so many slots of a large ring at once (ring.py). */
const CHUNK_SLOTS = 8192;
/** Events applied per poll, so that whoever polls stays responsive. */
const BUDGET = 30_000;
const MAX_JOURNALS = 50_000;

interface Journal {
  readonly file: JournalFile;
  readonly ring: RingReader;
  readonly meta: MetaReader;
  readonly totals: Totals;
  /** Events were lost, and what is counted of them has not been looked for. */
  totalsDue: boolean;
  image: Image | null;
  /** Ns from its clock to that of the others; null before its header was read. */
  shift: number | null;
  dropped: number;
  /** Its slots were read after its process's end. */
  closed: boolean;
  /** Wall clock, ms, since when nothing new was found in it; 0: the last look found something. */
  quietSince: number;
  retiredOnce: boolean;
  /** It was retired, and then written to all the same: never again. */
  late: boolean;
}

/**
 * A journal of an ended process in which nothing was found for so long is retired, ms: whatever it had before its end is there at once,
 * and a process that shares its journal (a fork in C) or is not gone after all has time to show.
 */
const RETIRE_AFTER = 1000;
/** Of a process that has ended everything is applied when nothing came for so long, ms. */
const SETTLED_AFTER = 20;
/** Of the retired ones so many of the living are looked at again per poll, one at least, in turn. */
const REVISITED = 1 / 8;

interface PollResult {
  readonly events: number;
  /** More is waiting to be read now. */
  readonly more: boolean;
}

/** Brings the journals of one session folder into a model, as they grow or all at once. */
export class SessionReader {
  private readonly journals = new Map<string, Journal>();
  /** Those that may still grow: each is looked at with every poll. */
  private readonly live = new Set<Journal>();
  /** Those that ended and were read to their end, the one that was looked at longest ago first. */
  private readonly retired = new Set<Journal>();
  /** Those whose slots are to be read when their process has ended. */
  private readonly unsettled = new Set<Journal>();
  private readonly descriptors = new Descriptors();
  private readonly discovery: Discovery;
  /** Journals that the last poll looked at. */
  private visited = 0;
  private readonly byImage = new Map<number, Journal>();
  private readonly byUid = new Map<number, Journal>();
  private readonly cursor = new SlotCursor();

  /**
   * @param clock monotonic ns of the same clock as the journals'; null for a recording: everything is old enough
   * @param shiftOf ns from the clock of the process that wrote this journal to that clock; null: not known, it is as its parent's
   */
  constructor(
    private readonly folder: string,
    private readonly model: SessionModel,
    private readonly clock: (() => number) | null,
    private readonly shiftOf: (journal: string, pid: number) => number | null = () => 0,
  ) {
    this.discovery = new Discovery(folder);
  }

  /** What reading costs now: files that are open, journals that the last poll looked at, listings of the folder until now. */
  get work(): { readonly open: number; readonly visited: number; readonly listings: number } {
    return { open: this.descriptors.count, visited: this.visited, listings: this.discovery.listings };
  }

  /** Wall clock minus the session's monotonic clock, ns, as the oldest journal says it; null when there is none yet. */
  get wallOffset(): number | null {
    let oldest: Journal | null = null;
    for (const journal of this.journals.values()) {
      if (journal.file.header === null || journal.shift === null) continue;
      if (oldest === null || created(journal) < created(oldest)) oldest = journal;
    }
    const header = oldest?.file.header ?? null;
    return header === null ? null : header.createdWall - header.createdMono - (oldest?.shift ?? 0);
  }

  /** Journals of processes with a clock of their own, and ns from it to the session's. */
  get shifts(): Readonly<Record<string, number>> {
    const found = [...this.journals].filter(([, { shift }]) => shift !== null && shift !== 0);
    return Object.fromEntries(found.map(([name, { shift }]) => [name, shift as number]));
  }

  /** Reads what there is. @param final apply everything, however young */
  poll(options: { final?: boolean; slots?: boolean } = {}): PollResult {
    this.discover();
    const final = options.final === true || this.clock === null;
    const watermark = final ? Number.POSITIVE_INFINITY : (this.clock as () => number)() - SETTLE_NS;
    const wall = Date.now();
    this.revisit(options.final === true && this.clock !== null);
    this.visited = this.live.size;
    const active: Journal[] = [];
    // The ring's first look comes before the records: so a definition always precedes its use.
    for (const journal of this.live) {
      if (!this.header(journal)) continue;
      journal.ring.lookAnew();
      if (!journal.ring.ready(!final && this.alive(journal), wall)) continue;
      journal.quietSince = 0;
      active.push(journal);
    }
    this.records(final);
    for (const journal of active) if (journal.totalsDue && journal.image !== null) this.readTotals(journal);
    for (const journal of this.live) this.lookBack(journal);
    // What stands in a hole may be older than all that could be applied now.
    const waits = !final && [...this.live].some((each) => each.ring.waits);
    const result = waits ? { events: 0, more: false } : this.merge(active, watermark, final, wall);
    for (const journal of this.live) this.countDropped(journal);
    if (options.slots === true && this.clock !== null) this.liveSlots(this.clock());
    if (options.slots === true || final) this.lastSlots(final, wall);
    this.retire(wall, options.final === true);
    return result;
  }

  /** Brings some of the retired journals back for one look. @param all before the end: whatever was written after all */
  private revisit(all: boolean): void {
    let left = all ? this.retired.size : Math.max(1, Math.floor(this.live.size * REVISITED));
    for (const journal of this.retired) {
      if (left-- <= 0) return;
      this.retired.delete(journal);
      this.live.add(journal);
    }
  }

  /** Takes leave of journals that do not grow any more: they are not looked at with every poll, and their files are closed. */
  private retire(wall: number, final: boolean): void {
    for (const journal of this.live) {
      if (journal.quietSince === 0) {
        journal.late ||= journal.retiredOnce;
        journal.quietSince = wall;
      }
      if (!this.isAtRest(journal, wall, final)) continue;
      if (!journal.retiredOnce) log.note('journal', () => `${basename(journal.file.path)} retired`);
      journal.retiredOnce = true;
      this.live.delete(journal);
      this.retired.add(journal);
      journal.file.close();
    }
  }

  private isAtRest(journal: Journal, wall: number, final: boolean): boolean {
    const { image } = journal;
    if (image === null || journal.ring.block !== null) return false;
    // Nothing changes in a recording: what was read to its end stays so.
    if (this.clock === null) return true;
    if (!final && (journal.late || wall - journal.quietSince < RETIRE_AFTER)) return false;
    return !this.unsettled.has(journal);
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
      if (this.retired.has(journal)) journal.file.close();
    }
  }

  dispose(): void {
    for (const journal of this.journals.values()) journal.file.close();
    for (const set of [this.journals, this.live, this.retired, this.unsettled]) set.clear();
  }

  private discover(): void {
    let names: readonly string[];
    try {
      names = this.discovery.names();
    } catch (error) {
      log.swallowed(`listing ${this.folder}`, error);
      this.model.warn(
        `The session folder ${this.folder} cannot be read any more; what was read before is still shown.`,
      );
      return;
    }
    for (const name of names) {
      if (this.journals.has(name)) continue;
      if (this.journals.size >= MAX_JOURNALS) {
        this.model.warn(`Only the first ${MAX_JOURNALS} processes are shown.`);
        return;
      }
      try {
        const file = new JournalFile(join(this.folder, name), this.descriptors);
        const journal: Journal = {
          file,
          ring: new RingReader(file, () => {
            this.model.channels.loseCount();
            journal.totalsDue = true;
          }),
          meta: new MetaReader(file),
          totals: new Totals(),
          totalsDue: false,
          image: null,
          shift: null,
          dropped: 0,
          closed: false,
          quietSince: 0,
          retiredOnce: false,
          late: false,
        };
        this.journals.set(name, journal);
        this.live.add(journal);
        this.unsettled.add(journal);
        log.note('journal', `${name} opened`);
      } catch (error) {
        log.swallowed(`opening the journal ${name}`, error);
        this.model.warn(`The journal ${name} cannot be opened: ${(error as Error).message}.`);
      }
    }
  }

  private header(journal: Journal): boolean {
    try {
      if (!journal.file.readHeader()) return false;
      if (journal.file.header !== null && journal.shift === null) this.byUid.set(journal.file.header.uid, journal);
    } catch (error) {
      log.swallowed(`reading the head of ${journal.file.path}`, error);
      this.live.delete(journal);
      this.unsettled.delete(journal);
      journal.file.close();
      this.model.warn(`The journal ${basename(journal.file.path)} is left out: ${(error as Error).message}.`);
      return false;
    }
    return true;
  }

  /** New images in order of their start, then all new records in order of time. */
  private records(final: boolean): void {
    const fresh = [...this.live].filter((each) => each.image === null && each.file.header !== null);
    for (const journal of fresh) this.findShift(journal);
    fresh.sort((a, b) => created(a) - created(b));
    const found: { at: number; journal: Journal; record: RecordFields }[] = [];
    for (const journal of this.live) {
      if (journal.file.header === null) continue;
      journal.meta.poll((record) => {
        journal.quietSince = 0;
        const at = typeof record['t'] === 'number' ? record['t'] + (journal.shift ?? 0) : 0;
        found.push({ at, journal, record: journal.shift ? { ...record, t: at } : record });
      }, !final);
      if (journal.meta.damaged > 0)
        this.model.warn(`${basename(journal.file.path)} has ${journal.meta.damaged} damaged records.`);
    }
    for (const journal of fresh) found.push({ at: created(journal), journal, record: IMAGE });
    found.sort((a, b) => a.at - b.at || Number(b.record === IMAGE) - Number(a.record === IMAGE));
    for (const { journal, record } of found) {
      if (record === IMAGE) this.addImage(journal);
      else if (journal.image !== null) applyRecord(this.model, journal.image, record);
    }
  }

  private addImage(journal: Journal): void {
    const header = journal.file.header;
    if (header === null || journal.image !== null) return;
    const image = applyImage(this.model, header.pid, header.uid, header.parentUid, created(journal), header.ppid);
    journal.image = image;
    log.note('journal', () => `${basename(journal.file.path)}: pid ${header.pid}, process ${image.process.id}`);
    // The kernel names no parent that is in another PID namespace; a fork is in its parent's, but for that.
    if (image.parent !== null) image.process.pidSpace = header.ppid === 0 ? -1 : image.parent.process.pidSpace;
    this.byImage.set(image.number, journal);
  }

  private findShift(journal: Journal): void {
    const unknown: Journal[] = [];
    let shift: number | null = null;
    // A hostile file may name itself, or its child, as its parent: each gets an answer before its parent is asked.
    for (let each: Journal | undefined = journal; each !== undefined && shift === null; ) {
      const { header, path }: JournalFile = each.file;
      shift = each.shift;
      if (header === null || shift !== null) break;
      shift = this.shiftOf(basename(path), header.pid);
      each.shift = shift ?? 0;
      if (shift === null) unknown.push(each);
      each = this.byUid.get(header.parentUid);
    }
    for (const each of unknown) each.shift = shift ?? 0;
  }

  private alive(journal: Journal): boolean {
    return journal.image === null || !journal.image.process.ended;
  }

  /** Applies events in order of time: always the oldest of those in front. */
  private merge(active: Journal[], watermark: number, final: boolean, wall: number): PollResult {
    let events = 0;
    const heap = active.filter((each) => each.image !== null).map((journal) => ({ journal, at: frontTime(journal) }));
    heap.sort((a, b) => a.at - b.at);
    while (heap.length > 0) {
      const top = heap[0] as { journal: Journal; at: number };
      if (top.at > watermark) return { events, more: false };
      if (events >= BUDGET) return { events, more: true };
      const next = heap.length > 1 ? (heap[1] as { at: number }).at : Number.POSITIVE_INFINITY;
      const { ring } = top.journal;
      const patient = !final && this.alive(top.journal);
      let open = true;
      do {
        this.apply(top.journal, ring.block as Block, ring.slot);
        events++;
        ring.advance();
        open = ring.ready(patient, wall);
        if (top.journal.totalsDue) this.readTotals(top.journal);
        if (open) top.at = frontTime(top.journal);
      } while (open && top.at <= next && top.at <= watermark && events < BUDGET);
      if (!open && ring.waits) return { events, more: false };
      heap.shift();
      if (open) insert(heap, top);
    }
    return { events, more: false };
  }

  /**
   * Events of this journal were recycled before they were read. What is counted of them is further on in its ring, where it had turned: it is
   * read before what followed them, so that sends and receives find each other.
   */
  private readTotals(journal: Journal): void {
    journal.totalsDue = false;
    const { ringFloor, ringSlots } = journal.file;
    const chunk = Math.min(CHUNK_SLOTS, Math.floor(ringSlots / 4));
    const end = ringFloor + ringSlots;
    for (let at = end - 2 * chunk; at < end; ) {
      const block = journal.file.readRing(at, false);
      if (block.slots === 0) return;
      for (let slot = 0; slot < block.slots && at < end; slot++, at++) {
        const word = slot * WORDS;
        const isThere = block.u32[word + 1] === at % 4294967296;
        if (isThere && ((block.u32[word] as number) & 0xff) === v.KIND_TOTALS) this.apply(journal, block, slot);
      }
    }
  }

  private apply(journal: Journal, block: Block, slot: number): void {
    const { cursor } = this;
    cursor.moveTo(block, slot, journal.shift ?? 0);
    const { kind, outcome, obj, size } = cursor;
    const image = journal.image as Image;
    if (kind === v.KIND_TOTALS) {
      journal.totals.fill(this.model, image, journal.ring, totalsAt(block, slot));
      return;
    }
    journal.totals.count(journal.ring, obj, kind, outcome, size);
    applyEvent(this.model, image, cursor);
  }

  private lookBack(journal: Journal): void {
    if (journal.image === null) return;
    for (let block = journal.ring.lookBack(); block !== null; block = journal.ring.lookBack())
      this.apply(journal, block, 0);
  }

  private countDropped(journal: Journal): void {
    const dropped = journal.ring.lost + journal.file.metaDropped + journal.file.ringDropped;
    this.model.dropped += dropped - journal.dropped;
    journal.dropped = dropped;
  }

  /** In a recording: what the threads of processes that outlived it were in. */
  slotsOfSurvivors(): void {
    for (const journal of this.unsettled) {
      const image = journal.image;
      if (image === null || image.process.ended) continue;
      applySlots(this.model, image, readSlots(journal.file, journal.shift ?? 0), Number.POSITIVE_INFINITY);
      if (this.retired.has(journal)) journal.file.close();
    }
  }

  private liveSlots(now: number): void {
    for (const journal of this.live) {
      const image = journal.image;
      if (image === null || image.process.ended || image.process.image !== image) continue;
      applySlots(this.model, image, readSlots(journal.file, journal.shift ?? 0), now);
    }
  }

  /** What the threads of ended processes were in: of those that were killed it is still there. */
  private lastSlots(final: boolean, wall: number): void {
    for (const journal of this.unsettled) {
      const { image, file } = journal;
      if (image === null || !(image.process.ended || isReplaced(image))) continue;
      try {
        if (!journal.closed && image.process.ended) {
          journal.closed = true;
          applyLastSlots(this.model, image, readSlots(file, journal.shift ?? 0), file.state === v.STATE_ENDED);
        }
        // What it left unfinished shows when all that it wrote is applied.
        const quiet = journal.quietSince > 0 && wall - journal.quietSince >= SETTLED_AFTER;
        if (journal.ring.block !== null || !(final || quiet)) continue;
        this.unsettled.delete(journal);
        settle(this.model, image, readSlots(file, journal.shift ?? 0, true));
      } catch (error) {
        log.swallowed(`the last look at ${file.path}`, error);
        this.unsettled.delete(journal); // its file is gone
      }
      if (this.retired.has(journal)) file.close();
    }
  }
}

const IMAGE: RecordFields = { type: 'image' };

/** Whether its process is another program by now. */
function isReplaced(image: Image): boolean {
  return image.process.image !== null && image.process.image !== image;
}

function frontTime({ ring, shift }: Journal): number {
  return orderTimeAt(ring.block as Block, ring.slot) + (shift ?? 0);
}
/** When its process's image began, on the session's clock. */
function created({ file, shift }: Journal): number {
  return (file.header?.createdMono ?? 0) + (shift ?? 0);
}
function insert<T extends { at: number }>(sorted: T[], item: T): void {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as T).at <= item.at) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, item);
}
