import { countLost } from '../model/lost';
import type { SessionModel } from '../model/model';
import type { Image } from '../model/processes';
import type { RingReader } from './ring-reader';

const OUTCOMES = 16;
const KINDS = 32;
const NONE: Uint32Array = new Uint32Array(0);

/** Keeps one journal's counters exact when events were recycled before they were read. */
export class Totals {
  private readonly counted = new Map<number, Uint32Array>();
  private lastObj = -1;
  private last = NONE;
  /** What had been applied, or filled in, when events were lost. */
  private before = new Map<number, Uint32Array>();
  private floor = -1;

  /** An event that is about to be applied. */
  count(ring: RingReader, obj: number, kind: number, outcome: number): void {
    if (ring.lostFloor !== this.floor) this.remember(ring.lostFloor);
    if (obj !== this.lastObj) {
      this.lastObj = obj;
      this.last = countsOf(this.counted, obj);
    }
    const at = (kind & 31) * OUTCOMES + (outcome & 15);
    this.last[at] = (this.last[at] as number) + 1;
  }

  /** A totals slot: `count` events of this kind and outcome on this object had a sequence number below `floor`. */
  fill(
    model: SessionModel,
    image: Image,
    ring: RingReader,
    floor: number,
    obj: number,
    kind: number,
    outcome: number,
    count: number,
    bytes: number,
  ): void {
    if (ring.lostFloor !== this.floor) this.remember(ring.lostFloor);
    if (floor !== this.floor) return;
    const at = (kind & 31) * OUTCOMES + (outcome & 15);
    const known = countsOf(this.before, obj);
    const missing = count - (known[at] as number);
    if (missing <= 0) return;
    known[at] = count;
    const counted = countsOf(this.counted, obj);
    counted[at] = (counted[at] as number) + missing;
    countLost(model, image, obj, kind, outcome, missing, Math.round((bytes / count) * missing));
  }

  private remember(floor: number): void {
    this.floor = floor;
    this.before = new Map([...this.counted].map(([obj, counts]) => [obj, counts.slice()]));
  }
}

function countsOf(map: Map<number, Uint32Array>, obj: number): Uint32Array {
  const known = map.get(obj);
  if (known !== undefined) return known;
  const made = new Uint32Array(KINDS * OUTCOMES);
  map.set(obj, made);
  return made;
}
