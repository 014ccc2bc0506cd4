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

/** A fork that copied one thread of several. */
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
  /** Of the child that was not started. */
  readonly name: string;
  readonly line: number;
  readonly at: number;
  readonly error: string;
}

interface ModelOptions {
  /** For a recording: the decisions made while the session was live. */
  readonly shown?: Shown | undefined;
  /** Where the indexes of messages and tasks store pages that do not fit into memory; if left out, in memory. */
  readonly pages?: OpenPageStore;
}

/**
 * A session's state at one moment: the result of everything that was applied to it. The functions in apply/ change it; those in query/ and project/
 * read it. It holds no clock, file or other state, so a session may have several models, each at its own moment.
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
  /** The names of signals on the program's platform. */
  readonly signalName: SignalName;
  /** By gid of Process objects: their creators' records from before the start. */
  readonly children = new Map<number, RecordFields>();
  /** Forks while other Python threads were alive. */
  readonly threadedForks: ThreadedFork[] = [];
  /** Processes that could not be started because an object could not be pickled. */
  readonly failedStarts: FailedStart[] = [];
  /** Processes that the line debugger could not attach to, in the order of their reports. */
  readonly lineProblems: { readonly process: Process; readonly reason: string }[] = [];
  main: Process | null = null;
  /** Monotonic ns of the first journal; the times of all views are relative to it. */
  origin = 0;
  /** Monotonic ns of the newest input applied. */
  now = 0;
  events = 0;
  matched = 0;
  /** Receives that were recycled before they were read, or whose send was. */
  lostReceives = 0;
  /** Number of messages whose receives were recycled before they were read; which messages is unknown. */
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

  /** Adds the engine's sentence about a problem of the recording. */
  warn(sentence: string): void {
    this.warnings.add({ kind: 'text', text: sentence });
  }

  dispose(): void {
    this.messages.dispose();
    this.tasks.dispose();
  }
}
