/** The run of a program that is debugged, as far as the debugger needs it. */
import type { SessionHandle } from '../engine/session/types';
import type { ProcessThread, ThreadTable } from './threads/threadTable';

export interface DebuggedRun {
  readonly session: SessionHandle;
  readonly threads: ThreadTable;
  /** The session's own clock: ms since its start. */
  readonly nowMs: number;
  /** Brings what the journals have by now into the session and the threads. */
  refresh(): Promise<void>;
}

/** How long a process that paused may be missing from the model before it is resumed, ms. */
const KNOWN_WITHIN = 5000;

/**
 * The thread of a process that has just reported. It may be missing from the model, or known only from its parent's record: so what it wrote
 * of itself (its name) is read first.
 * @param gone aborts when there is nothing to wait for any more
 * @returns null when it did not get into the model in time
 */
export async function threadOfPid(run: DebuggedRun, pid: number, gone: AbortSignal): Promise<ProcessThread | null> {
  await run.refresh();
  return run.threads.when((each) => each.pid === pid, KNOWN_WITHIN, gone);
}
