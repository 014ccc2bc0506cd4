/** Queues, pipes and connections. */
import type { ChannelId, Owner, ProcessId, SourceLine } from './common';

export type ChannelKind = 'Queue' | 'JoinableQueue' | 'SimpleQueue' | 'Pipe' | 'Connection';

export interface ChannelMeta {
  readonly id: ChannelId;
  readonly kind: ChannelKind;
  readonly name: string;
  readonly line: SourceLine | null;
  /** library: inner channel of a pool, an executor or a manager; hidden unless asked for. */
  readonly owner: Owner;
  /** 0: unbounded or not applicable. */
  readonly capacity: number;
  readonly duplex: boolean;
  readonly createdBy: ProcessId | null;
}

export interface Outcomes {
  readonly Full: number;
  readonly Empty: number;
  readonly EOFError: number;
  readonly BrokenPipeError: number;
  readonly timeout: number;
  /** Messages that were taken off the pipe, and whose call raised before it returned them: they could not be unpickled. Absent: none. */
  readonly unread?: number;
}

export type EndpointMode = 'r' | 'w' | 'rw';

export interface Endpoint {
  readonly processId: ProcessId;
  readonly mode: EndpointMode;
  readonly open: boolean;
  /** What this process did with it. */
  readonly sends: number;
  readonly receives: number;
  /** "a"/"b" side of a pipe by the user's variable name where known. */
  readonly name: string;
}

export interface ChannelStatus {
  readonly id: ChannelId;
  readonly puts: number;
  readonly gets: number;
  readonly sends: number;
  readonly receives: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Put but not yet got; the sum of the next two. */
  readonly depth: number;
  /** Waiting in the putters' feeder buffers. */
  readonly depthFeeder: number;
  /** In the pipe. */
  readonly depthPipe: number;
  readonly depthMax: number;
  /** Messages per second over the last second, sends. */
  readonly rate: number;
  readonly outcomes: Outcomes;
  readonly endpoints: readonly Endpoint[];
  /** Set for a connection of which one end is recorded and the other is not known: who receives what it sends is not known either. */
  readonly otherEnd?: 'unknown';
  /** task_done calls, and items put but not yet marked done (JoinableQueue only; else 0). */
  readonly tasksDone: number;
  readonly unfinished: number;
}

export interface DepthPoint {
  readonly atMs: number;
  /** Largest and last depth in the interval that ends here. */
  readonly max: number;
  readonly last: number;
}
