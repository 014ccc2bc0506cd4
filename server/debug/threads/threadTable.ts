/** Processes of a session as threads of a debugger. */
import type { SessionDelta } from '../../protocol/stream';
import type { ProcessId, ProcessMeta, ProcessStatus } from '../../protocol/views';
import { isGone, isHelper } from '../../shared/processes';
import { applyDelta, type SessionView, type SessionViews } from '../../shared/sessionView';

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
  /** Shown before, and called otherwise now: a process may be seen before its name is known. */
  readonly renamed: readonly ProcessThread[];
}

/** What was announced of a process. */
interface Announced {
  readonly id: number;
  announced: 'no' | 'started' | 'exited';
  name: string;
}

/** One session's processes. */
export class ThreadTable {
  private readonly views: SessionViews = new Map();
  private readonly rows = new Map<ProcessId, Announced>();
  private readonly listeners = new Set<() => void>();
  private last: number;

  /** Threads get numbers after `firstAfter`, so that those of a restarted program are new ones. */
  constructor(firstAfter = 0) {
    this.last = firstAfter;
  }

  /** Takes in what changed and says which threads began and ended by it. */
  apply(delta: SessionDelta): ThreadChanges {
    applyDelta(this.views, delta, Date.now());
    const touched = new Set([...(delta.processes ?? []), ...(delta.processStatus ?? [])].map((each) => each.id));
    const started: ProcessThread[] = [];
    const exited: ProcessThread[] = [];
    const renamed: ProcessThread[] = [];
    for (const id of touched) {
      const row = this.announcedOf(id);
      const thread = this.thread(id);
      if (thread === null) {
        continue;
      }
      const isHelping = this.isHelper(id);
      if (row.announced === 'no' && !isHelping) {
        row.announced = 'started';
        started.push(thread);
      } else if (row.announced === 'started' && thread.alive && row.name !== thread.name) {
        renamed.push(thread);
      }
      row.name = thread.name;
      if (row.announced === 'started' && (!thread.alive || isHelping)) {
        row.announced = 'exited';
        exited.push(thread);
      }
    }
    for (const listener of [...this.listeners]) listener();
    return { started, exited, renamed };
  }

  /** Ends all threads that were announced and not yet ended. */
  endAll(): readonly ProcessThread[] {
    const ended: ProcessThread[] = [];
    for (const [id, row] of this.rows) {
      const thread = this.thread(id);
      if (row.announced === 'started' && thread !== null) {
        row.announced = 'exited';
        ended.push(thread);
      }
    }
    return ended;
  }

  /** Processes that the user started: Python's own helpers do not clutter the list. */
  get shown(): readonly ProcessThread[] {
    return this.alive.filter((each) => !this.isHelper(each.processId));
  }

  get alive(): readonly ProcessThread[] {
    return [...this.rows.keys()].flatMap((id) => {
      const thread = this.thread(id);
      return thread?.alive ? [thread] : [];
    });
  }

  /** The row of a process; null when it does not live. */
  ofProcess(id: ProcessId): ProcessThread | null {
    const thread = this.rows.has(id) ? this.thread(id) : null;
    return thread?.alive ? thread : null;
  }

  /** What a living process of that pid, or of that thread's number, is in; null when there is none. */
  find(fits: (thread: ProcessThread) => boolean): (ProcessThread & { readonly status: ProcessStatus }) | null {
    for (const id of this.rows.keys()) {
      const thread = this.thread(id);
      const status = this.view?.processStatus.get(id);
      if (thread?.alive && status !== undefined && fits(thread)) return { ...thread, status };
    }
    return null;
  }

  /**
   * The first living process that fits, now or as soon as there is one.
   * @param withinMs how long it is waited for
   * @param gone ends the waiting
   * @returns null when there was none
   */
  when(fits: (thread: ProcessThread) => boolean, withinMs: number, gone: AbortSignal): Promise<ProcessThread | null> {
    return new Promise((resolve) => {
      const settle = (thread: ProcessThread | null): void => {
        clearTimeout(timer);
        this.listeners.delete(look);
        gone.removeEventListener('abort', giveUp);
        resolve(thread);
      };
      const giveUp = (): void => settle(null);
      const look = (): void => {
        const found = this.find(fits);
        if (found !== null) settle(found);
      };
      const timer = setTimeout(giveUp, withinMs);
      gone.addEventListener('abort', giveUp);
      this.listeners.add(look);
      if (gone.aborted) giveUp();
      else look();
    });
  }

  /** The process that the launcher started, once it was seen. */
  get main(): { readonly meta: ProcessMeta; readonly status: ProcessStatus | null; readonly ended: boolean } | null {
    for (const id of this.rows.keys()) {
      const meta = this.view?.processes.get(id);
      if (meta?.origin !== 'main') continue;
      const status = this.view?.processStatus.get(id) ?? null;
      return { meta, status, ended: status !== null && isGone(status.state) };
    }
    return null;
  }

  private get view(): SessionView | undefined {
    const [first] = this.views.values();
    return first;
  }

  private announcedOf(id: ProcessId): Announced {
    let row = this.rows.get(id);
    if (row === undefined) {
      this.last += 1;
      row = { id: this.last, announced: 'no', name: '' };
      this.rows.set(id, row);
    }
    return row;
  }

  /** Null: its metadata or its status has not come. */
  private thread(processId: ProcessId): ProcessThread | null {
    const meta = this.view?.processes.get(processId);
    const status = this.view?.processStatus.get(processId);
    const row = this.rows.get(processId);
    if (meta === undefined || status === undefined || row === undefined) {
      return null;
    }
    return {
      id: row.id,
      processId,
      pid: meta.pid,
      name: `${meta.name} (pid ${meta.pid})`,
      alive: !isGone(status.state),
    };
  }

  private isHelper(id: ProcessId): boolean {
    const meta = this.view?.processes.get(id);
    return meta !== undefined && isHelper(meta);
  }
}
