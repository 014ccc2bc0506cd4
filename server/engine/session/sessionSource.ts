/** What a session is read from: a folder of journals, and what a recording knows besides. */
import type { Shown } from '../../core/model/entities/shown';
import type { Finding, ProcessId } from '../../protocol/views';
import type { ObservedEnd } from './liveness';
import type { SessionFile } from './types';

/** What a recording knows besides the journals: how processes ended, who lived when it was made, and what hung before. */
export interface Observations {
  readonly ended: Readonly<Record<ProcessId, ObservedEnd>>;
  readonly alive: readonly ProcessId[];
  /** Hangs that were ended from outside: processes that exited normally leave no trace of them. */
  readonly hangs: readonly Finding[];
  /** By the journal's name: ns from its process's monotonic clock to the session's, where they differ (a time namespace). */
  readonly clocks: Readonly<Record<string, number>>;
  /** When it was saved, monotonic ns of the session's clock: how long those that lived then had outlived others; null: not known. */
  readonly savedAt: number | null;
  /** Names and places that were decided while it was watched. */
  readonly shown: Shown;
}

export interface SessionSource {
  readonly folder: string;
  readonly file: SessionFile;
  /** The folder or recording that the user named. */
  readonly path: string;
  /** Everything in it is over: nothing is waited for, no process is asked about. */
  readonly recorded: boolean;
  /** The folder was made or unpacked for this session and goes with it. */
  readonly temporary: boolean;
  /** What a recording knows besides its journals. */
  readonly observations?: Observations;
  readonly warnings?: readonly string[];
}
