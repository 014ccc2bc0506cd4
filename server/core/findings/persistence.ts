import type { Process } from '../model/entities/process';
import type { Waits } from '../model/query/waits';

/** What a hang looked like when a look last found it. */
export interface Sighting {
  /** Processes in it that lived then. */
  readonly alive: readonly Process[];
  /** Threads that waited then. */
  readonly waiting: readonly { readonly process: Process; readonly ident: number; readonly since: number }[];
}

/** What became of a hang that is not found again. */
type Outcome = 'ended from outside' | 'went on' | 'unknown';

/** What there is to remember of a hang that a look has found. */
export function sight(processes: readonly Process[], waits: Waits): Sighting {
  const alive = processes.filter((each) => waits.lives(each));
  return {
    alive,
    waiting: alive.flatMap((process) => waits.of(process).map(({ ident, since }) => ({ process, ident, since }))),
  };
}

/**
 * Whether a hang was ended by somebody (Ctrl-C, a signal, the death of a process), or the program went on by itself, which means that it
 * was none. Unknown as long as what a process does next is not recorded yet: between an interrupt and the end of its process some time passes.
 */
export function outcomeOf(sighting: Sighting, waits: Waits, untilSignal: boolean): Outcome {
  const { alive, waiting } = sighting;
  const interrupts = waiting.flatMap(({ process, ident, since }) => {
    const found = process.interrupts.get(ident);
    return found !== undefined && found.at > since ? [found] : [];
  });
  if (interrupts.some((each) => each.byKeyboard)) return 'ended from outside';
  // The signal may have come that it waited for: that it was killed is another matter.
  if (untilSignal) return alive.some((each) => each.state === 'killed') ? 'ended from outside' : 'went on';
  if (interrupts.length > 0 || alive.some(wasEnded)) return 'ended from outside';
  // It ended, and recorded nothing since the wait began: it left the wait by os._exit() in a signal handler.
  if (waiting.some(({ process, since }) => process.ended && process.lastEventAt <= since)) return 'ended from outside';
  const isStill = ({ process, ident, since }: (typeof waiting)[number]) =>
    waits.of(process).some((wait) => wait.ident === ident && wait.since === since);
  return waiting.every(isStill) ? 'went on' : 'unknown';
}

/** It did not come to its end by itself. */
function wasEnded(process: Process): boolean {
  return process.ended && (process.state !== 'exited' || process.exitCode !== 0);
}
