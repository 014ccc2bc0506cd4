import type { PoolKind, PoolMeta, PoolState, PoolStatus } from '../protocol/views';
import type { Locations } from './locations';
import type { Process } from './processes';

export class Pool {
  declared = false;
  kind: PoolKind = 'Pool';
  name = '';
  line = 0;
  size = 0;
  process: Process | null = null;
  state: PoolState = 'open';
  readonly workers: string[] = [];
  submitted = 0;
  started = 0;
  completed = 0;
  failed = 0;
  /** Last task that each worker ended: a second end of it replaces the first. */
  private readonly lastEnds = new Map<string, { task: string; failed: boolean }>();

  constructor(readonly id: string) {}

  ended(worker: string, job: number, index: number, failed: boolean): void {
    const task = `${job}/${index}`;
    const last = this.lastEnds.get(worker);
    if (last?.task === task) {
      if (last.failed) this.failed--;
      else this.completed--;
    }
    if (failed) this.failed++;
    else this.completed++;
    this.lastEnds.set(worker, { task, failed });
  }
  changed(state: string): void {
    // What was closed and joined has ended well, though leaving a `with` block terminates it once more.
    if (state === 'broken' || (state === 'closed' && this.state === 'open')) this.state = state;
    else if (state === 'terminated' && this.state === 'open') this.state = 'terminated';
  }
  addWorker(worker: string): void {
    if (!this.workers.includes(worker)) this.workers.push(worker);
  }
  meta(locations: Locations): PoolMeta {
    return {
      id: this.id,
      kind: this.kind,
      name: this.name,
      line: locations.line(this.line),
      processId: this.process?.id ?? null,
      size: this.size,
    };
  }
  status(): PoolStatus {
    const ended = this.completed + this.failed;
    return {
      id: this.id,
      state: this.state,
      workers: [...this.workers],
      submitted: this.submitted,
      started: this.started,
      completed: this.completed,
      failed: this.failed,
      pending: Math.max(0, this.submitted - this.started),
      running: Math.max(0, this.started - ended),
    };
  }
}
