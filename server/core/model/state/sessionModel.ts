import type { SessionMeta, SessionState } from '../../../protocol/views';
import { MessageIndex } from '../entities/messageIndex';
import type { ForkThread, Process } from '../entities/process';
import { NOTHING_SHOWN, type Shown } from '../entities/shown';
import { type SignalName, signalNames } from '../entities/signalNames';
import { TaskIndex } from '../entities/taskIndex';
import type { RecordFields } from '../input/fields';
import { MemoryPages } from '../structures/memoryPages';
import type { OpenPageStore } from '../structures/recordPages';
import { BlockedThreads } from './blockedThreads';
import { ChangeTracker } from './changes';
import { Channels } from './channels';
import { Interventions } from './interventions';
import { Locations } from './locations';
import { Locks } from './locks';
import { Pools } from './pools';
import { Processes } from './processes';
import { Warnings } from './warnings';

/** A fork that copied one thread and left others behind. */
export interface ThreadedFork {
  readonly parent: Process;
  readonly child: Process;
  readonly line: number;
  readonly at: number;
  readonly threads: readonly ForkThread[];
}

/** A start that failed. */
interface FailedStart {
  readonly process: Process;
  /** Of the child that was to be. */
  readonly name: string;
  readonly line: number;
  readonly at: number;
  readonly error: string;
}

interface ModelOptions {
  /** Of a recording: what was decided while it was watched. */
  readonly shown?: Shown | undefined;
  /** Where the indexes of messages and tasks put what has no room in memory; in memory all the same when it is left out. */
  readonly pages?: OpenPageStore;
}

/**
 * What a session is at one moment: everything that was applied to it, and nothing else. The functions in apply/ change it, those in query/ and
 * project/ read it. It holds no clock, no file and no other state, so that there may be several of one session, each at a moment of its own.
 */
export class SessionModel {
  readonly changes = new ChangeTracker();
  readonly processes: Processes;
  readonly channels: Channels;
  readonly locks: Locks;
  readonly pools: Pools;
  readonly locations = new Locations();
  readonly messages: MessageIndex;
  readonly tasks: TaskIndex;
  readonly blocked = new BlockedThreads();
  readonly interventions = new Interventions();
  readonly warnings = new Warnings();
  /** The names of signals where the program runs. */
  readonly signalName: SignalName;
  /** Process objects by gid: what their creator said of them before they started. */
  readonly children = new Map<number, RecordFields>();
  /** Forks while other threads of Python's lived. */
  readonly threadedForks: ThreadedFork[] = [];
  /** Processes that could not be started, because something could not be pickled. */
  readonly failedStarts: FailedStart[] = [];
  /** Processes that the line debugger did not get into, in the order in which they said so. */
  readonly lineProblems: { readonly process: Process; readonly reason: string }[] = [];
  main: Process | null = null;
  /** Monotonic ns of the first journal; every time of a view is relative to it. */
  origin = 0;
  /** Monotonic ns of the newest thing applied. */
  now = 0;
  events = 0;
  matched = 0;
  /** Receives that were recycled before they were read, or whose send was. */
  lostReceives = 0;
  /** Messages that were received by receives that were recycled before they were read: it is not known which. */
  receivedUnseen = 0;
  dropped = 0;
  exitCode: number | null = null;
  exitSignal: string | null = null;
  state: SessionState = 'starting';

  constructor(
    readonly meta: SessionMeta,
    { shown = NOTHING_SHOWN, pages = () => new MemoryPages() }: ModelOptions = {},
  ) {
    this.signalName = signalNames(meta.platform);
    this.processes = new Processes(this.changes.processes, this.signalName);
    this.channels = new Channels(this.changes.channels, shown);
    this.locks = new Locks(shown);
    this.pools = new Pools(this.channels);
    this.messages = new MessageIndex(pages);
    this.tasks = new TaskIndex(pages);
  }

  get alive(): number {
    return this.processes.living.size;
  }

  /** A sentence of the engine's about what recording could not do. */
  warn(sentence: string): void {
    this.warnings.add({ kind: 'text', text: sentence });
  }

  dispose(): void {
    this.messages.dispose();
    this.tasks.dispose();
  }
}
