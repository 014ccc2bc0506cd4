import type { Channel } from '../entities/channel';
import { Pool } from '../entities/pool';
import { PoolWorker } from '../entities/poolWorker';
import type { Image } from '../entities/process';
import { idOf } from '../entities/shown';
import type { Channels } from './channels';

/** All pools and their workers. A pool is found by its own id, and by its internal queue of tasks, which has another id in each process. */
export class Pools {
  /** In order of appearance; a pool's number is its place. */
  readonly list: Pool[] = [];
  /** Of all pools; a worker's number is its place. */
  readonly workers: PoolWorker[] = [];
  private readonly byKey = new Map<number, Pool>();

  constructor(private readonly channels: Channels) {}

  /** A pool may be known under several keys, and comes once for each. */
  values(): Iterable<Pool> {
    return this.byKey.values();
  }
  /** Pools that a record describes, each once. */
  get declared(): Pool[] {
    return [...new Set(this.byKey.values())].filter((each) => each.declared);
  }

  /** The pool with this id, its own or that of its internal queue of tasks; added if it is new. */
  ensure(gid: number): Pool {
    return this.at(this.keyOf(gid) || gid);
  }
  /** The pool with this id of its own, whatever channel has the same id; added if it is new. */
  at(key: number): Pool {
    let pool = this.byKey.get(key);
    if (pool === undefined) {
      // By its queue of tasks where it has one, which is known by the same id wherever it is read.
      const of = key < 0 ? (this.channels.all[-1 - key]?.id ?? '') : idOf(key);
      pool = new Pool(`pool-${of}`, this.list.length);
      this.list.push(pool);
      this.byKey.set(key, pool);
    }
    return pool;
  }
  /** The declared pool with this id, its own or that of its internal queue of tasks. */
  find(gid: number): Pool | null {
    const found = this.byKey.get(this.keyOf(gid) || gid);
    return found?.declared === true ? found : null;
  }
  /** From now on this pool is found under this key too. */
  alias(key: number, pool: Pool): void {
    this.byKey.set(key, pool);
  }
  /** The key of a pool by the id of its queue of tasks; 0: the id is not that of a channel. */
  keyOf(gid: number): number {
    const channel: Channel | undefined = this.channels.of(gid);
    return channel === undefined ? 0 : -1 - channel.number;
  }

  /** The worker that this image, or this thread of it, is; added when it is new. @param thread 0 for a process */
  addWorker(pool: Pool, image: Image, thread: number, label: string): PoolWorker {
    const key = thread === 0 ? `${image.number}` : `${image.number}/${thread}`;
    const known = pool.byKey.get(key);
    if (known !== undefined) return known;
    const worker = new PoolWorker(this.workers.length, image, thread, label);
    this.workers.push(worker);
    pool.byKey.set(key, worker);
    return worker;
  }
}
