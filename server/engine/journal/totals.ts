import { countLost } from '../../core/model/apply/lost';
import type { Image } from '../../core/model/entities/process';
import type { SessionModel } from '../../core/model/state/sessionModel';
import type { RingReader } from './ringReader';
import type { TotalsSlot } from './slotCursor';

const OUTCOMES = 16;
const KINDS = 32;

/** Of one object, by kind and outcome: how many events there were, and the sizes of their payloads together. */
interface Sums {
  readonly events: Uint32Array;
  readonly bytes: Float64Array;
}
const NONE: Sums = { events: new Uint32Array(0), bytes: new Float64Array(0) };

/** Keeps one journal's counters exact when events were recycled before they were read. */
export class Totals {
  private readonly counted = new Map<number, Sums>();
  private lastObj = -1;
  private last = NONE;
  /** What had been applied, or filled in, when events were lost. */
  private before = new Map<number, Sums>();
  private floor = -1;

  /** An event that is about to be applied. */
  count(ring: Pick<RingReader, 'lostFloor'>, obj: number, kind: number, outcome: number, size: number): void {
    if (ring.lostFloor !== this.floor) this.remember(ring.lostFloor);
    if (obj !== this.lastObj) {
      this.lastObj = obj;
      this.last = sumsOf(this.counted, obj);
    }
    add(this.last, (kind & 31) * OUTCOMES + (outcome & 15), 1, size);
  }

  /** A totals slot: `count` events of this kind and outcome on this object had a sequence number below `floor`. */
  fill(
    model: SessionModel,
    image: Image,
    ring: Pick<RingReader, 'lostFloor'>,
    { floor, obj, kind, outcome, count, bytes }: TotalsSlot,
  ): void {
    if (ring.lostFloor !== this.floor) this.remember(ring.lostFloor);
    if (floor !== this.floor) return;
    const at = (kind & 31) * OUTCOMES + (outcome & 15);
    const known = sumsOf(this.before, obj);
    const missing = count - (known.events[at] as number);
    if (missing <= 0) return;
    const missingBytes = Math.max(0, bytes - (known.bytes[at] as number));
    add(known, at, missing, missingBytes);
    add(sumsOf(this.counted, obj), at, missing, missingBytes);
    countLost(model, image, obj, kind, outcome, missing, missingBytes);
  }

  private remember(floor: number): void {
    this.floor = floor;
    this.before = new Map(
      [...this.counted].map(([obj, { events, bytes }]) => [obj, { events: events.slice(), bytes: bytes.slice() }]),
    );
  }
}

function add({ events, bytes }: Sums, at: number, count: number, size: number): void {
  events[at] = (events[at] as number) + count;
  bytes[at] = (bytes[at] as number) + size;
}

function sumsOf(map: Map<number, Sums>, obj: number): Sums {
  const known = map.get(obj);
  if (known !== undefined) return known;
  const made = { events: new Uint32Array(KINDS * OUTCOMES), bytes: new Float64Array(KINDS * OUTCOMES) };
  map.set(obj, made);
  return made;
}
