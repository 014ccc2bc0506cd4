import { CANCELLED, DONE, FAILED, RUNNING, WAITING } from '../../core/model/entities/taskIndex';
import type { SessionModel } from '../../core/model/state/sessionModel';
import type { TaskFilter, TaskOrder, TaskState } from '../../protocol/views';
import { orderBy } from './taskOrder';

/** Tasks scanned between two checks of the clock; decoding arguments is expensive. */
const STEP = 8192;
const TEXT_STEP = 64;
/** Maximum time of one call, ms, so that other work gets its turn. */
const BUDGET = 15;
/** Minimum time that a list is kept, ms; longer if building it took long. */
const STANDS = 250;
const STANDS_FACTOR = 8;

const UNKNOWN = 0;
const NO = 1;
const YES = 2;

type TaskTexts = (id: number) => string;

/** The state of a task as the user sees it. */
export function taskState(model: SessionModel, state: number, worker: number, pool: number): TaskState {
  if (state === DONE) return 'done';
  if (state === FAILED) return 'failed';
  if (state === CANCELLED) return 'cancelled';
  const of = model.pools.list[pool];
  if (state === WAITING) return of?.fateOfWaiting ?? 'waiting';
  return of?.fateOfRunning(model.pools.workers[worker]?.ended === true) ?? 'running';
}

/** One filter and order of the tasks. The list is built in slices, and again after changes; meanwhile the last one is shown. */
export class TaskList {
  private shown: Uint32Array = new Uint32Array(0);
  private next = new Uint32Array(1024);
  private keys = new Float32Array(1024);
  private found = 0;
  /** Next task to scan; -1: no list is being built. */
  private at = -1;
  private startedAt = 0;
  private spent = 0;
  private madeAt = Number.NEGATIVE_INFINITY;
  private version = -1;
  private wanted = -1;
  private made = false;
  /** Whether a finished task's text passed; it no longer changes. */
  private verdicts = new Uint8Array(0);

  /** @param filter with its text in lower case; @param text the text that the filter searches, in lower case */
  constructor(
    private readonly model: SessionModel,
    private readonly filter: TaskFilter,
    private readonly order: TaskOrder,
    private readonly descending: boolean,
    private readonly text: TaskTexts,
  ) {}

  get length(): number {
    return this.made ? this.shown.length : this.found;
  }
  slice(from: number, to: number): number[] {
    const list = this.made ? this.shown : this.next.subarray(0, this.found);
    if (!this.made || !this.descending)
      return [...list.subarray(Math.min(from, list.length), Math.min(to, list.length))];
    const end = Math.max(0, list.length - from);
    return [...list.subarray(Math.max(0, list.length - to), end)].reverse();
  }

  /** Works for a limited time; true if the shown list is current. */
  extend(now = performance.now()): boolean {
    const { tasks } = this.model;
    if (this.at < 0) {
      if (this.made && this.version === tasks.version) return true;
      if (now - this.madeAt < Math.max(STANDS, this.spent * STANDS_FACTOR)) return false;
      this.at = 0;
      this.found = 0;
      this.spent = 0;
      this.wanted = tasks.version;
    }
    this.startedAt = performance.now();
    const step = this.filter.text ? TEXT_STEP : STEP;
    while (this.at < tasks.count) {
      this.look(this.at, Math.min(tasks.count, this.at + step));
      this.at = Math.min(tasks.count, this.at + step);
      if (performance.now() - this.startedAt > BUDGET && this.at < tasks.count) {
        this.spent += performance.now() - this.startedAt;
        return false;
      }
    }
    this.finish();
    return this.version === tasks.version;
  }

  private look(from: number, to: number): void {
    const { model, filter } = this;
    const pool = filter.poolId === undefined ? -1 : model.pools.list.findIndex((each) => each.id === filter.poolId);
    if (filter.poolId !== undefined && pool < 0) return;
    const now = model.now;
    const passed: number[] = [];
    model.tasks.scan(from, to, (id, ofPool, state, name, worker, submitted, started, ended) => {
      if (pool >= 0 ? ofPool !== pool : model.pools.list[ofPool]?.declared !== true) return;
      if (filter.state !== undefined && taskState(model, state, worker, ofPool) !== filter.state) return;
      if (filter.workerId !== undefined && model.pools.workers[worker]?.id !== filter.workerId) return;
      if (filter.function !== undefined && model.tasks.functions[name]?.name !== filter.function) return;
      passed.push(id, this.key(state, name, worker, submitted, started, ended, now));
    });
    for (let i = 0; i < passed.length; i += 2) {
      const id = passed[i] as number;
      if (!filter.text || this.hasText(id)) this.push(id, passed[i + 1] as number);
    }
  }

  private key(
    state: number,
    name: number,
    worker: number,
    submitted: number,
    started: number,
    ended: number,
    now: number,
  ): number {
    switch (this.order) {
      case 'submitted':
        return 0;
      case 'waited':
        return Math.max(0, (started < 0 ? (state === WAITING ? now : submitted) : started) - submitted);
      case 'ran':
        return started < 0 ? 0 : Math.max(0, (state === RUNNING ? now : ended) - started);
      case 'ended':
        return ended < 0 ? Number.MAX_VALUE : Math.max(0, ended - this.model.origin);
      case 'state':
        return state;
      case 'worker':
        return worker + 1;
      case 'function':
        return this.ranks().get(name) ?? 0;
    }
  }

  private rank: Map<number, number> | null = null;
  private ranks(): Map<number, number> {
    const { functions } = this.model.tasks;
    if (this.rank === null || this.rank.size !== functions.length) {
      const order = functions.map((_, index) => index);
      order.sort((a, b) => ((functions[a]?.name ?? '') < (functions[b]?.name ?? '') ? -1 : 1));
      this.rank = new Map(order.map((number, place) => [number, place]));
    }
    return this.rank;
  }

  private push(id: number, key: number): void {
    if (this.found === this.next.length) {
      const [ids, keys] = [new Uint32Array(this.found * 2), new Float32Array(this.found * 2)];
      ids.set(this.next);
      keys.set(this.keys);
      this.next = ids;
      this.keys = keys;
    }
    this.next[this.found] = id;
    this.keys[this.found] = key;
    this.found++;
  }

  private finish(): void {
    const ids = this.next.subarray(0, this.found);
    this.shown = this.order === 'submitted' ? ids.slice() : orderBy(ids, this.keys.subarray(0, this.found));
    this.made = true;
    this.version = this.wanted;
    this.at = -1;
    this.madeAt = performance.now();
    this.spent += this.madeAt - this.startedAt;
  }

  private hasText(id: number): boolean {
    const { filter, model } = this;
    if (this.verdicts.length <= id) {
      const grown = new Uint8Array(Math.max(1024, model.tasks.count, this.verdicts.length * 2));
      grown.set(this.verdicts);
      this.verdicts = grown;
    }
    const known = this.verdicts[id];
    if (known !== UNKNOWN) return known === YES;
    const passes = this.text(id).includes(filter.text ?? '');
    if (model.tasks.state(id) >= DONE) this.verdicts[id] = passes ? YES : NO;
    return passes;
  }
}
