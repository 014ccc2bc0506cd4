/**
 * What findings are about, as data: a code and its params. `server/shared/text/` makes the sentences, in the reader's language.
 * Params name processes and channels themselves, so that the sentences need nothing else: a recording keeps them as they are.
 */
import type { Call } from './calls';

/** A process as texts name it. */
export interface ProcessRef {
  readonly id: string;
  /** '' when it has none. */
  readonly name: string;
  readonly pid: number;
}

/** A process that has ended, and how. Both null: it is not known. */
export interface EndedRef extends ProcessRef {
  readonly exitCode: number | null;
  /** "SIGKILL" */
  readonly signal: string | null;
}

/** A queue or a pipe as texts name it. */
export interface ChannelRef {
  readonly id: string;
  /** '' when it has none. */
  readonly name: string;
  /** A Queue, JoinableQueue or SimpleQueue; else a pipe's or a connection's. */
  readonly queue: boolean;
}

/** A process whose signal handlers may end a hang. */
export interface RouserRef {
  readonly process: ProcessRef;
  /** At most 3. `name`: the handler's function; '' when it has none. */
  readonly handlers: readonly { readonly signal: string; readonly name: string }[];
}

/** One wait of a deadlock cycle. */
export interface CycleWait {
  readonly process: ProcessRef;
  readonly call: Call;
  /** The members of the cycle that could end it, at most 3. */
  readonly blockers: readonly ProcessRef[];
}

/** The params of each code. Lists of processes are shortened where a number of others follows. */
export interface FindingParams {
  'join-before-drain': {
    readonly joiner: ProcessRef;
    /** The process that is joined. */
    readonly child: ProcessRef;
    readonly queue: ChannelRef;
    /** Items of the child's in its feeder thread; at least 1. */
    readonly items: number;
  };
  'no-main-guard': {
    readonly child: ProcessRef;
    /** Children that failed in the same way at the same line. */
    readonly others: number;
    /** "spawn", "forkserver", or a method that only a library has */
    readonly startMethod: string;
  };
  'fork-with-threads': {
    readonly parent: ProcessRef;
    readonly child: ProcessRef;
    /** Other forks at the same line. */
    readonly others: number;
    /** Names of the threads that ran, at most 4. */
    readonly threads: readonly string[];
    /** The child has done nothing since. */
    readonly quiet: boolean;
  };
  'pool-worker-died': {
    readonly worker: EndedRef;
    readonly pool: string;
    /** The task's function; '' when it is not known. */
    readonly task: string;
    /** The task's result: an error already, an error after lost_worker_timeout, none ever; or the whole executor is broken. */
    readonly outcome: 'error' | 'error later' | 'never' | 'broken';
    /** Processes that wait for a result of the pool. */
    readonly waiters: readonly ProcessRef[];
  };
  'dead-lock-owner':
    | {
        readonly kind: 'lock';
        /** "Lock", "RLock", … */
        readonly type: string;
        readonly name: string;
        readonly owner: EndedRef;
        readonly waiters: readonly ProcessRef[];
      }
    | {
        /** The lock that a queue's reader holds while it waits. */
        readonly kind: 'read';
        readonly queue: ChannelRef;
        readonly owner: EndedRef;
        readonly waiters: readonly ProcessRef[];
      }
    | {
        /** The lock that a queue's writer holds while it writes. */
        readonly kind: 'write';
        readonly queue: ChannelRef;
        /** Processes that may have held it, the last at most 3. */
        readonly owners: readonly EndedRef[];
        /** It is known that one of them ended in the middle of a write. */
        readonly certain: boolean;
        /** Items of living processes that cannot be written any more. */
        readonly items: number;
        /** At most 4: of all processes that wait for the queue if it is certain, else of the waiting writers. */
        readonly waiters: readonly ProcessRef[];
      };
  unpicklable:
    | {
        readonly kind: 'item';
        readonly process: ProcessRef;
        readonly queue: ChannelRef;
        /** Items that were dropped. */
        readonly items: number;
        /** pickle's error; '' when it is not known. */
        readonly error: string;
      }
    | {
        readonly kind: 'start';
        readonly process: ProcessRef;
        /** The process that was to be started. */
        readonly name: string;
        readonly error: string;
      };
  'pool-not-closed': { readonly process: ProcessRef; readonly pool: string };
  'eof-never': {
    readonly reader: ProcessRef;
    readonly pipe: ChannelRef;
    /** Messages that came before. */
    readonly messages: number;
    /** Processes that have the writing end open; the reader may be one of them. */
    readonly holders: readonly ProcessRef[];
    readonly rouser: RouserRef | null;
  };
  'lost-exception': {
    readonly process: ProcessRef;
    readonly pool: string;
    /** The tasks' function; '' when it is not known. */
    readonly task: string;
    /** Tasks that failed. */
    readonly tasks: number;
  };
  deadlock:
    | {
        readonly kind: 'cycle';
        /** Processes in it; 1: it waits for itself. */
        readonly processes: number;
        /** At most 6. */
        readonly waits: readonly CycleWait[];
        readonly rouser: RouserRef | null;
        readonly remedy: 'sentinel' | 'task_done' | 'rlock' | 'lock order' | 'break';
        /** The queue whose readers need a sentinel; null with every other remedy. */
        readonly queue: ChannelRef | null;
      }
    | {
        /** All threads of a thread pool wait for tasks of the same pool. */
        readonly kind: 'pool';
        readonly pool: string;
        readonly threads: number;
        /** Tasks that wait for a thread. */
        readonly queued: number;
      };
  'both-send': {
    readonly processes: readonly ProcessRef[];
    readonly pipes: readonly ChannelRef[];
    /** Sent and not received; 0: not known. */
    readonly bytes: number;
  };
  'stuck-get': {
    /** Processes that wait, at most 4. */
    readonly readers: readonly ProcessRef[];
    readonly moreReaders: number;
    readonly call: Call;
    readonly channel: ChannelRef;
    /** Processes that could have ended the wait and have ended themselves, at most 4. */
    readonly ended: readonly EndedRef[];
    /** Living ones that have closed the channel, at most 4; `joins`: it joins the first reader. */
    readonly closed: readonly { readonly process: ProcessRef; readonly joins: boolean }[];
    readonly rouser: RouserRef | null;
  };
  zombie: {
    readonly parent: ProcessRef;
    /** The first child that ended. */
    readonly child: EndedRef;
    /** Children that ended, this one included. */
    readonly children: number;
  };
  orphan: {
    readonly child: ProcessRef;
    /** Other children of the same parent. */
    readonly others: number;
    readonly parent: EndedRef;
    /** One of the children still runs. */
    readonly alive: boolean;
  };
  'pipe-shared-writer': {
    readonly first: ProcessRef;
    readonly second: ProcessRef;
    readonly pipe: ChannelRef;
    /** The end's name; '' when it has none. */
    readonly end: string;
    /** How often the sender changed. */
    readonly turns: number;
  };
  'slow-consumer':
    | {
        readonly kind: 'grows';
        readonly queue: ChannelRef;
        readonly itemsPerSecond: number;
        readonly depth: number;
        readonly producers: readonly ProcessRef[];
        readonly consumers: readonly ProcessRef[];
      }
    | {
        readonly kind: 'full';
        readonly queue: ChannelRef;
        readonly depth: number;
        readonly capacity: number;
        /** A put has been blocked for longer than this, ns. */
        readonly blockedFor: number;
        readonly consumers: readonly ProcessRef[];
      };
  'big-payload': {
    readonly channel: ChannelRef;
    readonly messages: number;
    /** Bytes of all of them, and of the largest. */
    readonly bytes: number;
    readonly largest: number;
    /** The process that sent the largest. */
    readonly sender: ProcessRef;
  };
}

/** Codes that are found in a running program; `qsize-unreliable` is found in source text only. */
export type LiveCode = keyof FindingParams;
/** What a finding says: its code and the params of that code. */
export type FindingFacts = { [C in LiveCode]: { readonly code: C; readonly params: FindingParams[C] } }[LiveCode];

/** What happens at a line that shows a finding. */
export type Caption =
  | { readonly kind: 'blocked'; readonly process: ProcessRef; readonly call: Call }
  | { readonly kind: 'channel created'; readonly channel: ChannelRef }
  | { readonly kind: 'pool created'; readonly pool: string }
  | { readonly kind: 'process started' | 'puts' | 'gets' | 'sends' | 'forks'; readonly process: ProcessRef }
  /** The child began to start processes here while it imported the main module. */
  | { readonly kind: 'imports main'; readonly process: ProcessRef }
  /** A lock was acquired here by a process that ended with it. */
  | { readonly kind: 'died with lock'; readonly process: ProcessRef }
  /** A process was in this get when it ended. */
  | { readonly kind: 'died in get'; readonly process: ProcessRef }
  /** The process has had a pipe's writing end since it was started here. */
  | { readonly kind: 'inherited end'; readonly process: ProcessRef }
  | { readonly kind: 'tasks submitted'; readonly tasks: number }
  /** `times`: items that were put here. */
  | { readonly kind: 'unpicklable item'; readonly process: ProcessRef; readonly times: number }
  | { readonly kind: 'unpicklable start'; readonly process: ProcessRef; readonly name: string }
  | { readonly kind: 'largest message'; readonly bytes: number }
  /** Where another thread was at a fork. */
  | { readonly kind: 'thread at fork'; readonly thread: string }
  | { readonly kind: 'signal handler'; readonly process: ProcessRef; readonly signal: string };
