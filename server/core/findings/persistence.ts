import type { Process } from '../model/entities/process';
import type { Waits } from '../model/query/waits';

/** The state of a hang when an evaluation last detected it. */
export interface Sighting {
  /** Its processes that were alive then. */
  readonly alive: readonly Process[];
  /** Its threads that were blocked then. */
  readonly waiting: readonly { readonly process: Process; readonly ident: number; readonly since: number }[];
}

/** Why a hang is no longer detected. */
type Outcome = 'ended from outside' | 'went on' | 'unknown';

/** The state of a newly detected hang, to compare later evaluations with. */
export function sight(processes: readonly Process[], waits: Waits): Sighting {
  const alive = processes.filter((each) => waits.lives(each));
  return {
    alive,
    waiting: alive.flatMap((process) => waits.of(process).map(({ ident, since }) => ({ process, ident, since }))),
  };
}

/**
 * Whether a hang was ended from outside (Ctrl-C, a signal, the death of a process), or the program continued by itself, so that it was not a hang.
 * The result is unknown until the next operation of a process is recorded: some time passes between an interrupt and the end of its process.
 */
export function outcomeOf(sighting: Sighting, waits: Waits, untilSignal: boolean): Outcome {
  const { alive, waiting } = sighting;
  const interrupts = waiting.flatMap(({ process, ident, since }) => {
    const found = process.interrupts.get(ident);
    return found !== undefined && found.at > since ? [found] : [];
  });
  if (interrupts.some((each) => each.byKeyboard)) return 'ended from outside';
  // The signal that it waited for may have arrived. A killed process is reported all the same.
  if (untilSignal) return alive.some((each) => each.state === 'killed') ? 'ended from outside' : 'went on';
  if (interrupts.length > 0 || alive.some(wasEnded)) return 'ended from outside';
  // The process ended and recorded nothing since the wait began: a signal handler called os._exit().
  if (waiting.some(({ process, since }) => process.ended && process.lastEventAt <= since)) return 'ended from outside';
  const isStill = ({ process, ident, since }: (typeof waiting)[number]) =>
    waits.of(process).some((wait) => wait.ident === ident && wait.since === since);
  return waiting.every(isStill) ? 'went on' : 'unknown';
}

/** The process did not exit by itself. */
function wasEnded(process: Process): boolean {
  return process.ended && (process.state !== 'exited' || process.exitCode !== 0);
}
