/** What is wrong with the program. */
import type { Caption, FindingFacts } from '../findingParams';
import type { ChannelId, ProcessId, SourceLine } from './common';

export const FINDING_CODES = [
  'join-before-drain',
  'no-main-guard',
  'fork-with-threads',
  'pool-worker-died',
  'dead-lock-owner',
  'unpicklable',
  'pool-not-closed',
  'eof-never',
  'lost-exception',
  'deadlock',
  'both-send',
  'stuck-get',
  'zombie',
  'orphan',
  'pipe-shared-writer',
  'qsize-unreliable',
  'slow-consumer',
  'big-payload',
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];

export type Severity = 'error' | 'warning' | 'info';

/** A line that shows a finding, and what happens there. */
export interface FindingLine {
  readonly line: SourceLine;
  /** A text as it stands in a recording of an earlier version. */
  readonly caption: Caption | string;
  readonly processId: ProcessId | null;
}

/** Sentences of a finding as they stand in a recording of an earlier version. */
export interface WrittenFinding {
  readonly code: FindingCode;
  readonly params?: never;
  /** One specific sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
}

/** Something that is wrong with the program, found while it runs or after its end. `findingText` makes its sentences. */
export type Finding = (FindingFacts | WrittenFinding) & {
  /** The same as long as it is the same finding. */
  readonly id: string;
  readonly severity: Severity;
  readonly processes: readonly ProcessId[];
  readonly channels: readonly ChannelId[];
  /** The first one is where it is shown. */
  readonly lines: readonly FindingLine[];
  readonly sinceMs: number;
  /** It was so until processes in it ended. */
  readonly over: boolean;
};
