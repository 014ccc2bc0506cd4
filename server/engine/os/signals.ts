import { constants } from 'node:os';
import type { ControlAction } from '../../protocol/requests';
import { belongsTo } from './membership';
import { facts } from './processes';
import { startTime } from './startTimes';

/** A process that is to get a signal. The number alone may be another one's: used again, or of another PID namespace. */
export interface Target {
  /** The number that it has for this process; null: it is in a PID namespace that is not seen from here. */
  readonly pid: number | null;
  readonly name: string;
  /** From `facts`, when it was first seen; null: unknown. */
  readonly startTicks: number | null;
  /** The kernel showed then that it belongs to the session. */
  readonly belongs: boolean;
  /** The session that it belongs to. */
  readonly folder: string;
  /** Of the first that is known of it: wall clock, ms. Where the system has no ticks, it had its number by then. */
  readonly firstSeen: number;
}

const SIGNALS: Readonly<Record<ControlAction, NodeJS.Signals>> = {
  interrupt: 'SIGINT',
  terminate: 'SIGTERM',
  kill: 'SIGKILL',
};
/** The number of the signal that an action sends. */
export function signalOf(action: ControlAction): number {
  return constants.signals[SIGNALS[action]];
}

/** `error`: why there was no signal, in a sentence. `gone`: because it has ended, which is what most signals are for. */
export interface Controlled {
  error?: string;
  gone?: true;
}

/** Clocks of different making, ms. */
const SLACK = 50;

/**
 * Sends what the action means to that very process, and to none of which it is not sure that it is the one. Answers with a sentence when
 * it could not.
 */
export function control(target: Target, action: ControlAction): Controlled {
  const { pid, name } = target;
  const signal = SIGNALS[action];
  if (pid === null)
    return { error: `${name} is in a PID namespace that is not seen from here: it cannot be sent ${signal}.` };
  const who = `${name} (pid ${pid})`;
  const is = identify(target, pid);
  if (is === 'gone') return { error: `${who} has ended already.`, gone: true };
  if (is === 'unknown')
    return { error: `Nothing shows that the process with pid ${pid} is still ${name}: it is not sent ${signal}.` };
  try {
    process.kill(pid, signal);
    return {};
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return { error: `${who} has ended already.`, gone: true };
    if (code === 'EPERM') return { error: `${who} belongs to another user: it cannot be sent ${signal}.` };
    return { error: `${who} could not be sent ${signal}: ${(error as Error).message}.` };
  }
}

/** Asked right before the signal: what is proven now can hardly change in the microseconds until then. */
function identify({ startTicks, belongs, folder, firstSeen }: Target, pid: number): 'same' | 'gone' | 'unknown' {
  const before = facts(pid);
  if (before === null || before.zombie) return 'gone';
  if (process.platform !== 'linux') {
    const started = startTime(pid);
    return started === null ? 'unknown' : started <= firstSeen + SLACK ? 'same' : 'gone';
  }
  if (startTicks === null || before.startTicks === null) return 'unknown';
  if (before.startTicks !== startTicks) return 'gone';
  if (!belongs && !belongsTo(folder, pid)) return 'unknown';
  return facts(pid)?.startTicks === startTicks ? 'same' : 'gone';
}
