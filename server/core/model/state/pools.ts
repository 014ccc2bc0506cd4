import type { Channel } from '../entities/channel';
import { Pool } from '../entities/pool';
import { PoolWorker } from '../entities/poolWorker';
import type { Image } from '../entities/process';
import { idOf } from '../entities/shown';
import type { Channels } from './channels';

/** All pools and their workers. A pool is found by its own id, and by that of its internal task queue, which has another id in each process. */
export class Pools {
  /** In order of appearance; a pool's number is its index. */
  readonly list: Pool[] = [];
  /** Of all pools; a worker's number is its index. */
  readonly workers: PoolWorker[] = [];
  private readonly byKey = new Map<number, Pool>();

  constructor(private readonly channels: Channels) {}

  /** A pool known under several keys appears once for each. */
  values(): Iterable<Pool> {
    return this.byKey.values();
  }
  /** Pools with a definition record, each once. */
  get declared(): Pool[] {
    return [...new Set(this.byKey.values())].filter((each) => each.declared);
  }

  /** The pool with this id, its own or that of its internal task queue; added if it is new. */
  ensure(gid: number): Pool {
    return this.at(this.keyOf(gid) || gid);
  }
  /** The pool with this own id, whatever channel has the same id; added if it is new. */
  at(key: number): Pool {
    let pool = this.byKey.get(key);
    if (pool === undefined) {
      // Named by its task queue, if it has one: that id is the same wherever it is read.
      const of = key < 0 ? (this.channels.all[-1 - key]?.id ?? '') : idOf(key);
      pool = new Pool(`pool-${of}`, this.list.length);
      this.list.push(pool);
      this.byKey.set(key, pool);
    }
    return pool;
  }
  /** The declared pool with this id, its own or that of its internal task queue. */
  find(gid: number): Pool | null {
    const found = this.byKey.get(this.keyOf(gid) || gid);
    return found?.declared === true ? found : null;
  }
  /** Adds a key under which this pool is found. */
  alias(key: number, pool: Pool): void {
    this.byKey.set(key, pool);
  }
  /** The key of a pool by the id of its task queue; 0: the id is not that of a channel. */
  keyOf(gid: number): number {
    const channel: Channel | undefined = this.channels.of(gid);
    return channel === undefined ? 0 : -1 - channel.number;
  }

  /** The worker that this image, or this thread of it, is; added if it is new. @param thread 0 for a process */
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
