import type { Caption, FindingParams, LiveCode } from '../../protocol/findingParams';
import type { Severity } from '../../protocol/views';
import type { Channel } from '../model/entities/channel';
import type { Process } from '../model/entities/process';
import type { Waits } from '../model/query/waits';
import type { SessionModel } from '../model/state/sessionModel';

/** A source line as evidence, by the session's line number. Number 0 is left out. */
export interface Evidence {
  readonly line: number;
  readonly caption: Caption;
  readonly process: Process | null;
}

/** A finding that a check of this code proposes. */
export interface Candidate<C extends LiveCode = LiveCode> {
  /** Distinguishes it from others of its code. It does not change while the finding lasts. */
  readonly key: string;
  readonly severity: Severity;
  readonly params: FindingParams[C];
  readonly processes: readonly Process[];
  readonly channels?: readonly Channel[];
  /** The finding is shown at the first line. */
  readonly evidence: readonly Evidence[];
  /** Monotonic ns. */
  readonly since: number;
  /** The hang ends if a signal arrives that a process waits for. It is then withdrawn without a trace. */
  readonly untilSignal?: boolean;
  /** It is in the past and only reported. */
  readonly over?: boolean;
}

/** The input of a check. */
export interface CheckContext {
  readonly model: SessionModel;
  readonly waits: Waits;
  /** Monotonic ns. */
  readonly now: number;
  /** The session has ended: its state no longer changes. */
  readonly final: boolean;
  /** Processes whose hang an earlier check has explained. Checks run in order of priority. */
  readonly explained: Set<Process>;
}

interface CheckOf<C extends LiveCode> {
  readonly code: C;
  /**
   * hang: true at one moment. It counts once two evaluations in a row detect it, and is withdrawn when the program continues.
   * fact: stays true.
   */
  readonly kind: 'hang' | 'fact';
  readonly check: (context: CheckContext) => Candidate<C>[];
}

export type Check<C extends LiveCode = LiveCode> = { [K in C]: CheckOf<K> }[C];
