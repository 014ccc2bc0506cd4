import type { Channel } from '../entities/channel';
import type { Pool } from '../entities/pool';
import type { Process } from '../entities/process';
import type { Tracked } from '../entities/tracked';

/** Entities of one kind that changed since the last take, each once, in the order of their first change. */
export class Changed<T extends Tracked> {
  private take = 1;
  private readonly metas: T[] = [];
  private readonly statuses: T[] = [];

  /** The content of its `…Meta` view has changed. */
  meta(each: T): void {
    if (each.metaChanged === this.take) return;
    each.metaChanged = this.take;
    this.metas.push(each);
  }
  /** The content of its `…Status` view has changed. */
  status(each: T): void {
    if (each.statusChanged === this.take) return;
    each.statusChanged = this.take;
    this.statuses.push(each);
  }

  get any(): boolean {
    return this.metas.length + this.statuses.length > 0;
  }
  get ofMeta(): readonly T[] {
    return this.metas;
  }
  get ofStatus(): readonly T[] {
    return this.statuses;
  }
  /** Marks all as taken. */
  clear(): void {
    this.take++;
    this.metas.length = 0;
    this.statuses.length = 0;
  }
}

/** Changes in a state since its last delta was taken. */
export class ChangeTracker {
  readonly processes = new Changed<Process>();
  readonly channels = new Changed<Channel>();
  readonly pools = new Changed<Pool>();
  /** Interventions on messages. */
  interventions = false;
  /** Incremented by every input; anything derived from the state is stale when it differs. */
  revision = 0;

  get any(): boolean {
    return this.processes.any || this.channels.any || this.pools.any || this.interventions;
  }
  clear(): void {
    this.processes.clear();
    this.channels.clear();
    this.pools.clear();
    this.interventions = false;
  }
}
