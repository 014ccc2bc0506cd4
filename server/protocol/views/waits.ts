/** What threads are blocked in, and which processes could end each wait. */
import type { Call } from '../calls';
import type { ChannelId, ProcessId, SourceLine } from './common';

/** What a thread of the process is blocked in. */
export interface Wait extends Call {
  readonly channelId: ChannelId | null;
  readonly processId: ProcessId | null;
  readonly sinceMs: number;
  /** null: it may last forever. */
  readonly timeoutMs: number | null;
  readonly line: SourceLine | null;
  readonly thread: string;
  /** It may last forever: no timeout. Loops of polls and calls with a timeout are not. */
  readonly real?: boolean;
  /** Who could end it, any one of them; absent when nobody knows. Empty: nobody can. */
  readonly blockers?: readonly Blocker[];
  /** How many others could end it who are not in `blockers`; absent: none. Those who live come first. */
  readonly moreBlockers?: number;
}

/** A process that could end a wait, and how: "has the writing end open", "holds the lock". */
export interface Blocker {
  readonly processId: ProcessId;
  readonly why: string;
  /** It has ended: it will not. */
  readonly dead: boolean;
}

/** One wait of a process for another one. */
export interface WaitEdge extends Call {
  readonly from: ProcessId;
  readonly to: ProcessId;
  readonly channelId: ChannelId | null;
  readonly sinceMs: number;
  readonly line: SourceLine | null;
  readonly thread: string;
  readonly real: boolean;
  readonly why: string;
  /** How many others could end this wait to whom there is no edge; absent: none. */
  readonly others?: number;
}

/** Everything that waits for another process now. */
export interface WaitGraph {
  readonly nodes: readonly { readonly processId: ProcessId; readonly dead: boolean; readonly stuck: boolean }[];
  readonly edges: readonly WaitEdge[];
  /** Groups of processes that wait for each other: a process alone is one that waits for itself. */
  readonly cycles: readonly (readonly ProcessId[])[];
  /** Waits for which there was no room; absent: none. */
  readonly leftOut?: number;
}
