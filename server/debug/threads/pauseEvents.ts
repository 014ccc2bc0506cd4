/** Events of pausing processes for the face that shows it, and its start options. */
import type { Finding, Wait } from '../../protocol/views';
import type { PausedFrame, PauseInfo } from '../pauses/pausedThread';
import type { PlanOptions } from './pausePlan';
import type { BreakingFinding } from './threadController';

/** A thread that is shown as paused: at an operation (`info`), or where it is blocked (`wait`). */
export interface ShownPause {
  readonly threadId: number;
  readonly at:
    | { readonly info: PauseInfo /** What the operation is on; may be empty. */; readonly name: string }
    | Wait;
  /** Why it paused, where that is a finding. */
  readonly finding: BreakingFinding | null;
  /** The user is not led there. */
  readonly isQuiet: boolean;
}

export interface PauseEvents {
  paused(pause: ShownPause): void;
  resumed(threadId: number): void;
  /** A log message of a breakpoint, with its place. */
  logged(text: string, frame: PausedFrame | undefined): void;
  /** A finding to stop at, whether or not a process can be paused for it. */
  found(finding: Finding): void;
  /** The processes could not be reached with what to pause at. */
  failed(error: unknown): void;
}

export interface PauseOptions extends PlanOptions {
  /** The face can show a pause again without leading the user there: so a blocked thread reports for how long it has been. */
  readonly repeats: boolean;
}

/** in: to the receiver of the message. */
export type StepKind = 'next' | 'in' | 'out';
