import { constants } from 'node:os';
import type { ControlAction } from '../../protocol/requests';
import { belongsTo } from './membership';
import { facts } from './processes';
import { startTime } from './startTimes';

/** A process to be signalled. The pid alone may be another process's: reused, or from another PID namespace. */
export interface Target {
  /** Its pid as seen by this process; null: it is in a PID namespace that is not visible from here. */
  readonly pid: number | null;
  readonly name: string;
  /** From `facts`, when the process was first seen; null: unknown. */
  readonly startTicks: number | null;
  /** The kernel confirmed then that it belongs to the session. */
  readonly belongs: boolean;
  /** The session it belongs to. */
  readonly folder: string;
  /** Wall clock of its first record, ms. Where the system has no ticks: it had its pid by then. */
  readonly firstSeen: number;
}

const SIGNALS: Readonly<Record<ControlAction, NodeJS.Signals>> = {
  interrupt: 'SIGINT',
  terminate: 'SIGTERM',
  kill: 'SIGKILL',
};
/** The number of the signal for an action. */
export function signalOf(action: ControlAction): number {
  return constants.signals[SIGNALS[action]];
}

/** `error`: why no signal was sent, as a sentence. `gone`: the process has ended, which most signals aim at anyway. */
export interface Controlled {
  error?: string;
  gone?: true;
}

/** Tolerance between the two clocks, ms. */
const SLACK = 50;

/**
 * Sends the action's signal to exactly that process, and to none whose identity is uncertain. `error` says why nothing
 * was sent.
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

/** Checked right before the signal: the identity can hardly change in the microseconds between. */
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
