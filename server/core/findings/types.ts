import type { FindingCode, Severity } from '../../protocol/views';
import type { Channel } from '../model/entities/channel';
import type { Process } from '../model/entities/process';
import type { Waits } from '../model/query/waits';
import type { SessionModel } from '../model/state/sessionModel';

/** A line as evidence. Lines are numbered as the session numbers them; 0 is left out. */
export interface Evidence {
  readonly line: number;
  readonly caption: string;
  readonly process: Process | null;
}

/** What a check found. */
export interface Draft {
  /** What makes it this one among those of its code; the same as long as it lasts. */
  readonly key: string;
  readonly severity: Severity;
  readonly message: string;
  readonly advice: string;
  readonly processes: readonly Process[];
  readonly channels?: readonly Channel[];
  /** The first one is where it is shown. */
  readonly evidence: readonly Evidence[];
  /** Monotonic ns. */
  readonly since: number;
  /** A hang that is one only if no signal comes, which a process waits for: gone without a trace when one did. */
  readonly untilSignal?: boolean;
  /** It is past, and only told. */
  readonly over?: boolean;
}

/** What a check looks at. */
export interface Scene {
  readonly model: SessionModel;
  readonly waits: Waits;
  /** Monotonic ns. */
  readonly now: number;
  /** The session is over: nothing changes any more. */
  readonly final: boolean;
  /** Processes whose hanging an earlier check has explained. Checks run in the order of their worth. */
  readonly explained: Set<Process>;
}

export interface Check {
  readonly code: FindingCode;
  /**
   * hang: true of one moment; it must be true twice in a row to count, and is withdrawn when the program goes on.
   * fact: stays true.
   */
  readonly kind: 'hang' | 'fact';
  readonly check: (scene: Scene) => Draft[];
}
