/** A session as a whole. */
import type { SessionId } from './common';

export type SessionState = 'starting' | 'running' | 'ended';

export interface SessionMeta {
  readonly id: SessionId;
  /** What the user calls it: the script's file name or the module's name. */
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly python: string;
  readonly platform: string;
  /** ISO 8601, wall clock. */
  readonly startedAt: string;
  /** True for one that was opened from a recording or a left-behind folder. */
  readonly recorded: boolean;
  /** The folder or recording file it is read from. */
  readonly source: string;
}

interface SessionCounts {
  readonly processes: number;
  readonly alive: number;
  readonly messages: number;
  readonly matched: number;
  readonly events: number;
  /** Events and records that found no room or were recycled before they were read. */
  readonly dropped: number;
}

export interface SessionStatus {
  readonly state: SessionState;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly durationMs: number;
  readonly counts: SessionCounts;
  /** Sentences for the user about what recording could not do (disk full, unreadable journal, …). */
  readonly warnings: readonly string[];
}
