/** Processes of a session as threads of a debug session. */
import type { SessionDelta } from '../protocol/stream';
import type { ProcessId, ProcessMeta, ProcessStatus } from '../protocol/views';
import { isGone, isHelper } from '../shared/processes';

/** A process as the debugger's user sees it. `id` is the thread's number, from 1, stable for the debug session. */
export interface ProcessThread {
  readonly id: number;
  readonly processId: ProcessId;
  readonly pid: number;
  readonly name: string;
  readonly alive: boolean;
}

interface ThreadChanges {
  readonly started: readonly ProcessThread[];
  readonly exited: readonly ProcessThread[];
  /** Shown before, and called otherwise now: a process may be seen before it has told its name. */
  readonly renamed: readonly ProcessThread[];
}

interface Known {
  readonly id: number;
  meta: ProcessMeta | null;
  status: ProcessStatus | null;
  /** The editor was told that it started, that it exited. */
  announced: 'no' | 'started' | 'exited';
  /** What it was called when the editor last heard of it. */
  toldName: string;
}

export class ThreadTable {
  private readonly known = new Map<ProcessId, Known>();
  private last: number;

  /** Threads get numbers after `firstAfter`, so that those of a restarted program are new ones. */
  constructor(firstAfter = 0) {
    this.last = firstAfter;
  }

  get lastId(): number {
    return this.last;
  }

  /** Takes in what changed and says which threads began and ended by it. */
  apply(delta: SessionDelta): ThreadChanges {
    const touched = new Set<Known>();
    for (const meta of delta.processes ?? []) {
      const process = this.process(meta.id);
      process.meta = meta;
      touched.add(process);
    }
    for (const status of delta.processStatus ?? []) {
      const process = this.process(status.id);
      process.status = status;
      touched.add(process);
    }
    const started: ProcessThread[] = [];
    const exited: ProcessThread[] = [];
    const renamed: ProcessThread[] = [];
    for (const process of touched) {
      const thread = this.thread(process);
      if (thread === null) {
        continue;
      }
      if (process.announced === 'no' && !isPythons(process)) {
        process.announced = 'started';
        started.push(thread);
      } else if (process.announced === 'started' && thread.alive && process.toldName !== thread.name) {
        renamed.push(thread);
      }
      process.toldName = thread.name;
      if (process.announced === 'started' && (!thread.alive || isPythons(process))) {
        process.announced = 'exited';
        exited.push(thread);
      }
    }
    return { started, exited, renamed };
  }

  /** Ends all threads that were announced and not yet ended. */
  endAll(): readonly ProcessThread[] {
    const ended: ProcessThread[] = [];
    for (const process of this.known.values()) {
      const thread = this.thread(process);
      if (process.announced === 'started' && thread !== null) {
        process.announced = 'exited';
        ended.push(thread);
      }
    }
    return ended;
  }

  /** Those that the user started: Python's own helpers do not clutter the list. */
  get shown(): readonly ProcessThread[] {
    const helper = new Set([...this.known.values()].filter(isPythons).map((each) => each.id));
    return this.alive.filter((each) => !helper.has(each.id));
  }

  get alive(): readonly ProcessThread[] {
    return [...this.known.values()].flatMap((process) => {
      const thread = this.thread(process);
      return thread?.alive ? [thread] : [];
    });
  }

  /** The row of a process; null when it does not live. */
  ofProcess(id: ProcessId): ProcessThread | null {
    return this.alive.find((each) => each.processId === id) ?? null;
  }

  /** What a living process of that pid, or of that thread's number, is in; null when there is none. */
  find(fits: (thread: ProcessThread) => boolean): (ProcessThread & { readonly status: ProcessStatus }) | null {
    for (const process of this.known.values()) {
      const thread = this.thread(process);
      if (thread?.alive && process.status !== null && fits(thread)) return { ...thread, status: process.status };
    }
    return null;
  }

  /** The process that the launcher started, once it was seen. */
  get main(): { readonly meta: ProcessMeta; readonly status: ProcessStatus | null; readonly ended: boolean } | null {
    for (const { meta, status } of this.known.values()) {
      if (meta?.origin === 'main') {
        return { meta, status, ended: status !== null && isGone(status.state) };
      }
    }
    return null;
  }

  private process(id: ProcessId): Known {
    let process = this.known.get(id);
    if (process === undefined) {
      this.last += 1;
      process = { id: this.last, meta: null, status: null, announced: 'no', toldName: '' };
      this.known.set(id, process);
    }
    return process;
  }

  private thread({ id, meta, status }: Known): ProcessThread | null {
    if (meta === null || status === null) {
      return null;
    }
    return {
      id,
      processId: meta.id,
      pid: meta.pid,
      name: `${meta.name} (pid ${meta.pid})`,
      alive: !isGone(status.state),
    };
  }
}

function isPythons({ meta }: Known): boolean {
  return meta !== null && isHelper(meta);
}
