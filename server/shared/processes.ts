/** What the state of a process means, asked in one way by the model and by every view. */
import type { ProcessMeta, ProcessState, ProcessStatus } from '../protocol/views';

/** It has ended, however. */
export function isGone(state: ProcessState): boolean {
  return state === 'exited' || state === 'killed' || state === 'lost';
}

/** @param status undefined: not told yet, a moment after its start */
export function isAlive(status: Pick<ProcessStatus, 'state'> | undefined): boolean {
  return status === undefined || !isGone(status.state);
}

/** Ended, and not as it should: an exit code, a signal, an unknown end. One that was asked to end has not failed. */
export function isFailed({ state, exitCode, asked }: Pick<ProcessStatus, 'state' | 'exitCode' | 'asked'>): boolean {
  if (asked === true || !isGone(state)) return false;
  return state !== 'exited' || (exitCode !== null && exitCode !== 0);
}

/** Processes that Python starts for its own needs. */
export function isHelper({ origin }: Pick<ProcessMeta, 'origin'>): boolean {
  return origin === 'resource-tracker' || origin === 'forkserver';
}
