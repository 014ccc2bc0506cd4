import { type OpenPageStore, PAGE_RECORDS, RecordPages } from '../structures/recordPages';

export const WAITING = 0;
export const RUNNING = 1;
export const DONE = 2;
export const FAILED = 3;
/** Cancelled by its submitter before a worker received it. */
export const CANCELLED = 4;
const STATE = 7;
const CHUNK = 8;

/** Maximum number of tasks listed individually. Further tasks are counted at their submission and listed when a worker receives them. */
export const MAX_TASKS = 4_000_000;

/** Facts about one task. Times are monotonic ns, -1: not yet; numbers are indices of the model's lists, -1: none. */
export interface TaskEntry {
  readonly id: number;
  readonly pool: number;
  readonly job: number;
  readonly index: number;
  /** Number of items in a chunk; 1 for a call; 0: unknown. */
  readonly items: number;
  readonly chunk: boolean;
  readonly state: number;
  readonly line: number;
  readonly function: number;
  readonly worker: number;
  readonly submittedAt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The message that carried it to its worker, and the one that carried its result back. */
  readonly taskMessage: number;
  readonly resultMessage: number;
  /** Sequence number of its end in its worker's journal. */
  readonly endSeq: number;
}

const SIZE = 80;
const WORDS = SIZE / 4;
const [POOL, JOB, INDEX, ITEMS, LINE, NAME, WORKER, FLAGS, TASK_MESSAGE, RESULT_MESSAGE] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
];
/** In words of 8 bytes. */
const [SUBMITTED, STARTED, ENDED] = [5, 6, 7];
const END_SEQ = 16;

/** A qualified name of tasks, and the definition of that function, as reported by the workers. */
interface TaskFunction {
  readonly name: string;
  line: number;
}

/** All tasks of a session by number, in order of submission. */
export class TaskIndex {
  private readonly pages: RecordPages;
  private readonly numbers = new Map<string, number>();
  readonly functions: TaskFunction[] = [];
  count = 0;
  /** Incremented by every change. */
  version = 0;

  constructor(open: OpenPageStore) {
    this.pages = new RecordPages(SIZE, open);
  }

  functionNumber(name: string): number {
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.functions.push({ name, line: 0 }) - 1;
      this.numbers.set(name, number);
    }
    return number;
  }

  add(pool: number, job: number, index: number, line: number, name: number, at: number, items: number, chunk: boolean) {
    const id = this.count++;
    const { page, base } = this.write(id);
    const { u32, f64 } = page;
    u32[base + POOL] = pool;
    u32[base + JOB] = job;
    u32[base + INDEX] = index;
    u32[base + ITEMS] = items;
    u32[base + LINE] = line;
    u32[base + NAME] = name;
    u32[base + FLAGS] = chunk ? CHUNK : 0;
    f64[base / 2 + SUBMITTED] = at;
    f64[base / 2 + STARTED] = -1;
    f64[base / 2 + ENDED] = -1;
    return id;
  }

  /** Its submission was read after its start. */
  submitted(id: number, line: number, at: number, items: number, chunk: boolean): void {
    const { page, base } = this.write(id);
    page.u32[base + LINE] = line;
    page.u32[base + ITEMS] = items;
    if (chunk) page.u32[base + FLAGS] = (page.u32[base + FLAGS] as number) | CHUNK;
    page.f64[base / 2 + SUBMITTED] = Math.min(at, page.f64[base / 2 + SUBMITTED] as number);
  }

  /** @param name -1: the name at submission */
  started(id: number, worker: number, name: number, at: number, message: number): void {
    const { page, base } = this.write(id);
    const { u32, f64 } = page;
    u32[base + WORKER] = worker + 1;
    if (name >= 0) u32[base + NAME] = name;
    u32[base + FLAGS] = ((u32[base + FLAGS] as number) & ~STATE) | RUNNING;
    u32[base + TASK_MESSAGE] = message + 1;
    f64[base / 2 + STARTED] = at;
  }

  ended(id: number, state: typeof DONE | typeof FAILED | typeof CANCELLED, at: number, seq: number): void {
    const { page, base } = this.write(id);
    page.u32[base + FLAGS] = ((page.u32[base + FLAGS] as number) & ~STATE) | state;
    page.u32[base + END_SEQ] = seq + 1;
    page.f64[base / 2 + ENDED] = at;
  }

  setTaskMessage(id: number, message: number): void {
    const { page, base } = this.write(id);
    page.u32[base + TASK_MESSAGE] = message + 1;
  }
  setResultMessage(id: number, message: number): void {
    const { page, base } = this.write(id);
    page.u32[base + RESULT_MESSAGE] = message + 1;
  }

  state(id: number): number {
    return (this.pages.of(id).u32[(id % PAGE_RECORDS) * WORDS + FLAGS] as number) & STATE;
  }

  entry(id: number): TaskEntry | null {
    if (!Number.isInteger(id) || id < 0 || id >= this.count) return null;
    const { u32, f64 } = this.pages.of(id);
    const at = (id % PAGE_RECORDS) * WORDS;
    const flags = u32[at + FLAGS] as number;
    return {
      id,
      pool: u32[at + POOL] as number,
      job: u32[at + JOB] as number,
      index: u32[at + INDEX] as number,
      items: u32[at + ITEMS] as number,
      chunk: (flags & CHUNK) !== 0,
      state: flags & STATE,
      line: u32[at + LINE] as number,
      function: u32[at + NAME] as number,
      worker: (u32[at + WORKER] as number) - 1,
      submittedAt: f64[at / 2 + SUBMITTED] as number,
      startedAt: f64[at / 2 + STARTED] as number,
      endedAt: f64[at / 2 + ENDED] as number,
      taskMessage: (u32[at + TASK_MESSAGE] as number) - 1,
      resultMessage: (u32[at + RESULT_MESSAGE] as number) - 1,
      endSeq: (u32[at + END_SEQ] as number) - 1,
    };
  }

  /** Calls `visit` for tasks from `from` up to and excluding `to`, without an object per task. Times as in TaskEntry. */
  scan(
    from: number,
    to: number,
    visit: (
      id: number,
      pool: number,
      state: number,
      name: number,
      worker: number,
      submitted: number,
      started: number,
      ended: number,
    ) => void,
  ): void {
    const end = Math.min(to, this.count);
    for (let id = from; id < end; id++) {
      const { u32, f64 } = this.pages.of(id);
      const at = (id % PAGE_RECORDS) * WORDS;
      visit(
        id,
        u32[at + POOL] as number,
        (u32[at + FLAGS] as number) & STATE,
        u32[at + NAME] as number,
        (u32[at + WORKER] as number) - 1,
        f64[at / 2 + SUBMITTED] as number,
        f64[at / 2 + STARTED] as number,
        f64[at / 2 + ENDED] as number,
      );
    }
  }

  dispose(): void {
    this.pages.dispose();
  }

  private write(id: number) {
    const page = this.pages.of(id);
    page.dirty = true;
    this.version++;
    return { page, base: (id % PAGE_RECORDS) * WORDS };
  }
}
