import type { Caption, FindingParams, LiveCode } from '../../protocol/findingParams';
import type { Severity } from '../../protocol/views';
import type { Channel } from '../model/entities/channel';
import type { Process } from '../model/entities/process';
import type { Waits } from '../model/query/waits';
import type { SessionModel } from '../model/state/sessionModel';

/** A line as evidence. Lines are numbered as the session numbers them; 0 is left out. */
export interface Evidence {
  readonly line: number;
  readonly caption: Caption;
  readonly process: Process | null;
}

/** What a check of this code found. */
export interface Draft<C extends LiveCode = LiveCode> {
  /** What makes it this one among those of its code; the same as long as it lasts. */
  readonly key: string;
  readonly severity: Severity;
  readonly params: FindingParams[C];
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

interface CheckOf<C extends LiveCode> {
  readonly code: C;
  /**
   * hang: true of one moment; it must be true twice in a row to count, and is withdrawn when the program goes on.
   * fact: stays true.
   */
  readonly kind: 'hang' | 'fact';
  readonly check: (scene: Scene) => Draft<C>[];
}

export type Check<C extends LiveCode = LiveCode> = { [K in C]: CheckOf<K> }[C];
