/**
 * One run of the program: a Forkscope session from its folder to the end of its last process.
 * It knows the engine and the processes; the debug adapter protocol is the adapter's.
 */

import type { DebuggedRun } from '../debug/run';
import { type ProcessThread, ThreadTable } from '../debug/threads/threadTable';
import { type ProgramEnd, shellStatus } from '../engine/os/exitStatus';
import type { SessionHandle } from '../engine/session/types';
import type { SessionDelta, UpdateParams } from '../protocol/stream';
import type { AdapterHost, PreparedProgram } from './ports';

export interface RunEvents {
  mainStarted(pid: number): void;
  threadStarted(thread: ProcessThread): void;
  threadExited(thread: ProcessThread): void;
  threadRenamed(thread: ProcessThread): void;
  /** The main process ended; children may still live. */
  mainEnded(exitCode: number): void;
  /** The views of the session changed. */
  changed(delta: SessionDelta): void;
  /** A process was to end, and got no signal: why, in a sentence. */
  refused(sentence: string): void;
  /** Nothing of the program lives any more. */
  finished(): void;
  /** This run is over or no longer observed: no process may stay paused. */
  released(): void;
}

/** How long processes get to end when they were asked to. */
const GRACE = 3000;
/** How long the parent of a vanished main process gets to say how it ended. */
const PATIENCE = 1000;

export class Run implements DebuggedRun {
  readonly threads: ThreadTable;
  private readonly stopListening: () => void;
  private mainPid: number | null = null;
  private mainEndTold = false;
  private ending: 'no' | 'asked' | 'killed' = 'no';
  private grace: NodeJS.Timeout | null = null;
  private guess: NodeJS.Timeout | null = null;
  private over = false;
  private readonly overWaiters: (() => void)[] = [];
  /** Positive while another part, such as the reader of the program's output, still needs the run. */
  private holds = 0;
  private clock = { ms: 0, at: 0 };

  constructor(
    private readonly host: AdapterHost,
    readonly program: PreparedProgram,
    readonly session: SessionHandle,
    private readonly events: RunEvents,
    firstThreadAfter: number,
  ) {
    this.threads = new ThreadTable(firstThreadAfter);
    this.stopListening = host.engine.onUpdate((update) => this.take(update));
  }

  /** The session's own clock: ms since its start. */
  get nowMs(): number {
    return this.clock.ms + (this.clock.at === 0 ? 0 : Date.now() - this.clock.at);
  }

  get isOver(): boolean {
    return this.over;
  }

  /** The main process was seen. */
  get hasStarted(): boolean {
    return this.mainPid !== null || this.mainEndTold;
  }

  /** Brings in what the journals have by now. */
  async refresh(): Promise<void> {
    await this.session.refresh();
    this.begin();
  }

  /** Looks at what the session already has; for what happened before this run listened. */
  begin(): void {
    this.take({ version: 1, sessions: [this.session.snapshot()], closed: [] });
  }

  /** The pid is known before the journals tell it, where the adapter started the program itself. */
  started(pid: number): void {
    if (this.mainPid === null) {
      this.mainPid = pid;
      this.events.mainStarted(pid);
    }
  }

  /** The supervisor reports how the main process ended; its record is in the session folder. */
  async mainExited(end: ProgramEnd): Promise<void> {
    try {
      await this.session.refresh();
    } finally {
      this.tellProgramEnd(end);
      this.begin();
    }
  }

  /** Puts off the end of the run until `work` is done, so that the program's last words are heard. */
  async hold(work: Promise<void>): Promise<void> {
    this.holds += 1;
    try {
      await work;
    } finally {
      this.holds -= 1;
      this.settle();
    }
  }

  /**
   * Ends the whole tree: asks first and kills what is left after the grace; kills at once when it was asked before.
   * Resolves when nothing of it lives.
   */
  async end(how: 'terminate' | 'kill' = 'terminate'): Promise<void> {
    if (this.over) {
      return;
    }
    const over = this.whenOver();
    if (how === 'kill' || this.ending !== 'no') {
      this.kill();
    } else {
      this.ending = 'asked';
      this.grace = setTimeout(() => this.kill(), this.host.graceMs ?? GRACE);
      this.signal('terminate');
    }
    await over;
  }

  /** Resolves when nothing of the program lives any more. */
  whenOver(): Promise<void> {
    return this.over ? Promise.resolve() : new Promise((resolve) => this.overWaiters.push(resolve));
  }

  /** Stops watching; the program runs on. */
  letGo(): void {
    this.finish(false);
  }

  private take(update: UpdateParams): void {
    if (this.over) {
      return;
    }
    if (update.closed.includes(this.session.id)) {
      this.finish(true);
      return;
    }
    for (const delta of update.sessions) {
      if (delta.id !== this.session.id) {
        continue;
      }
      if (delta.status !== undefined) this.clock = { ms: delta.status.durationMs, at: Date.now() };
      const { started, exited, renamed } = this.threads.apply(delta);
      const { main } = this.threads;
      if (main !== null) {
        this.started(main.meta.pid);
      }
      started.forEach((thread) => {
        this.events.threadStarted(thread);
      });
      exited.forEach((thread) => {
        this.events.threadExited(thread);
      });
      renamed.forEach((thread) => {
        this.events.threadRenamed(thread);
      });
      // A process that began while the tree was being ended was not there to be asked.
      if (started.some((thread) => thread.alive) && this.ending !== 'no') {
        this.signal(this.ending === 'killed' ? 'kill' : 'terminate');
      }
      this.events.changed(delta);
      const { status } = delta;
      if (status !== undefined && (status.state === 'ended' || status.exitCode !== null || status.signal !== null)) {
        this.tellProgramEnd(status);
      } else if (main?.ended && main.status !== null) {
        this.guessProgramEnd(main.status);
      }
    }
    this.settle();
  }

  /** The main process is gone and its parent has not said how it ended: that may come any moment, or never. */
  private guessProgramEnd(seen: ProgramEnd): void {
    this.guess ??= setTimeout(() => {
      this.tellProgramEnd(seen);
      this.settle();
    }, this.host.patienceMs ?? PATIENCE);
  }

  private tellProgramEnd(end: ProgramEnd): void {
    if (!this.mainEndTold) {
      this.mainEndTold = true;
      this.events.mainEnded(shellStatus(end));
    }
  }

  private settle(): void {
    if (this.holds === 0 && this.mainEndTold && (this.session.finished || this.threads.alive.length === 0)) {
      this.finish(true);
    }
  }

  private kill(): void {
    this.ending = 'killed';
    if (this.grace !== null) {
      clearTimeout(this.grace);
      this.grace = null;
    }
    this.signal('kill');
    if (this.mainPid === null && this.threads.alive.length === 0) {
      // If no process appeared within the grace period, the program never started.
      this.finish(true);
    } else {
      // A process stuck in the kernel survives even SIGKILL; it must not keep the debug session open forever.
      this.grace = setTimeout(() => this.finish(true), this.host.graceMs ?? GRACE);
    }
  }

  private signal(how: 'terminate' | 'kill'): void {
    // A process that cannot be signalled stays visible as a thread; the user can try again.
    for (const sentence of this.host.launcher.endTree(this.session, how)) this.events.refused(sentence);
  }

  private finish(tell: boolean): void {
    if (this.over) {
      return;
    }
    this.over = true;
    this.events.released();
    this.stopListening();
    clearTimeout(this.grace ?? undefined);
    clearTimeout(this.guess ?? undefined);
    if (tell) {
      this.threads.endAll().forEach((thread) => {
        this.events.threadExited(thread);
      });
      this.events.finished();
    }
    for (const resolve of this.overWaiters.splice(0)) {
      resolve();
    }
  }
}
