/** An engine driven by a test, for testing the faces. */

import type { Engine, SessionHandle } from '../../../server/engine/session/types';
import type { Report } from '../../../server/protocol/report';
import type { SessionDelta, UpdateParams } from '../../../server/protocol/stream';
import type { Moment, TimelineResult } from '../../../server/protocol/timeline';
import type { ProcessMeta, ProcessState, ProcessStatus, SessionStatus } from '../../../server/protocol/views';

export class FakeSession implements SessionHandle {
  readonly calls: [string, ...unknown[]][] = [];
  finished = false;
  status: SessionStatus = {
    state: 'starting',
    exitCode: null,
    signal: null,
    durationMs: 0,
    counts: { processes: 0, alive: 0, messages: 0, matched: 0, events: 0, dropped: 0 },
    warnings: [],
  };
  readonly processes = new Map<string, { meta: ProcessMeta; status: ProcessStatus }>();
  /** The return value of `control`. */
  controlAnswer: { error?: string } = {};
  /** The reaction of a process that is requested to end; by default none. */
  onControl: (processId: string, action: string) => void = () => {};
  /** The effect of reading the journals. */
  onRefresh: () => void = () => {};

  constructor(
    private readonly engine: FakeEngine,
    readonly id: string,
    readonly folder: string,
  ) {}

  async refresh(): Promise<void> {
    this.calls.push(['refresh']);
    this.onRefresh();
  }
  snapshot(): SessionDelta {
    return {
      id: this.id,
      full: true,
      status: this.status,
      processes: [...this.processes.values()].map((each) => each.meta),
      processStatus: [...this.processes.values()].map((each) => each.status),
    };
  }
  async messages(...args: unknown[]) {
    this.calls.push(['messages', ...args]);
    return { rows: [], offset: 0, total: 7, complete: true };
  }
  async message(id: number) {
    this.calls.push(['message', id]);
    return null;
  }
  tasks(...args: unknown[]) {
    this.calls.push(['tasks', ...args]);
    return { rows: [], total: 3, complete: true };
  }
  task(id: number) {
    this.calls.push(['task', id]);
    return null;
  }
  timeline(...args: unknown[]): TimelineResult {
    this.calls.push(['timeline', ...args]);
    return { fromMs: 0, columnMs: 1, columns: 1, nowMs: 0, lanes: [], depths: [], messages: null };
  }
  moment(...args: unknown[]): Moment {
    this.calls.push(['moment', ...args]);
    return { atMs: 0, processes: [], channels: [] };
  }
  depthHistory(...args: unknown[]) {
    this.calls.push(['depthHistory', ...args]);
    return [{ atMs: 1, max: 2, last: 1 }];
  }
  readonly lineProblems: never[] = [];
  keysNamed(): readonly string[] {
    return [];
  }
  channelOf(): null {
    return null;
  }
  report(): Report {
    throw new Error('no report');
  }
  control(processId: string, action: 'interrupt' | 'terminate' | 'kill') {
    this.calls.push(['control', processId, action]);
    this.onControl(processId, action);
    return this.controlAnswer;
  }
  pause(...args: unknown[]): void {
    this.calls.push(['pause', ...args]);
  }
  async save(file: string): Promise<void> {
    this.calls.push(['save', file]);
    if (file.startsWith('/nowhere')) {
      throw new Error('The folder does not exist.');
    }
  }

  /** Adds or changes a process, and notifies the engine's listeners. */
  setProcess(id: string, pid: number, state: ProcessState, more: Partial<ProcessMeta & ProcessStatus> = {}): void {
    const meta: ProcessMeta = {
      id,
      pid,
      parentId: null,
      name: id,
      origin: 'main',
      startMethod: null,
      argv: [],
      python: null,
      startedAtMs: 0,
      line: null,
      daemon: false,
      target: null,
      ...this.processes.get(id)?.meta,
      ...more,
    };
    const status: ProcessStatus = {
      waits: [],
      endedAtMs: null,
      exitCode: null,
      signal: null,
      lastLine: null,
      cpuSeconds: null,
      memoryBytes: null,
      ...this.processes.get(id)?.status,
      ...more,
      id,
      state,
    };
    this.processes.set(id, { meta, status });
    this.engine.fire({ id: this.id, full: false, processes: [meta], processStatus: [status] });
  }

  setStatus(status: Partial<SessionStatus>): void {
    this.status = { ...this.status, ...status };
    this.engine.fire({ id: this.id, full: false, status: this.status });
  }

  finish(exitCode: number | null, signal: string | null = null): void {
    this.finished = true;
    this.setStatus({ state: 'ended', exitCode, signal });
  }
}

export class FakeEngine implements Engine {
  readonly sessions = new Map<string, FakeSession>();
  readonly closed: { id: string; deleteFolder: boolean | undefined }[] = [];
  private readonly listeners = new Set<(update: UpdateParams) => void>();
  disposed = false;

  add(id: string, folder = `/tmp/forkscope-${id}`): FakeSession {
    const session = new FakeSession(this, id, folder);
    this.sessions.set(id, session);
    return session;
  }
  fire(delta: SessionDelta): void {
    for (const listener of [...this.listeners]) {
      listener({ version: 1, sessions: [delta], closed: [] });
    }
  }
  get tell(): readonly ((update: UpdateParams) => void)[] {
    return [...this.listeners];
  }
  get listenerCount(): number {
    return this.listeners.size;
  }

  async open(path: string): Promise<SessionHandle> {
    if (path.includes('missing')) {
      throw new Error(`${path} is neither a session folder nor a recording.`);
    }
    return this.add(path.split('/').at(-1) ?? path, path);
  }
  async close(id: string, options?: { deleteFolder?: boolean }): Promise<void> {
    this.closed.push({ id, deleteFolder: options?.deleteFolder });
    this.sessions.delete(id);
  }
  onUpdate(listener: (update: UpdateParams) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  resync(): UpdateParams {
    return { version: 1, sessions: [...this.sessions.values()].map((session) => session.snapshot()), closed: [] };
  }
  muted: readonly string[] = [];
  muteFindings(codes: readonly string[]): void {
    this.muted = codes;
  }
  async dispose(): Promise<void> {
    this.disposed = true;
  }
}
