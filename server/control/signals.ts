import type { ControlAction } from '../protocol/stream';
import { facts } from './processes';

/** A process as it was when it was first seen: the pid alone may belong to another one by now. */
export interface Target {
  readonly pid: number;
  readonly name: string;
  /** From `facts`, when it was first seen; null: unknown. */
  readonly startTicks: number | null;
}

const SIGNALS: Readonly<Record<ControlAction, NodeJS.Signals>> = {
  interrupt: 'SIGINT',
  terminate: 'SIGTERM',
  kill: 'SIGKILL',
};

/** Sends what the action means to that very process. Answers with a sentence when it could not. */
export function control(target: Target, action: ControlAction): { error?: string } {
  const now = facts(target.pid);
  const another =
    now !== null && target.startTicks !== null && now.startTicks !== null && now.startTicks !== target.startTicks;
  if (now === null || now.zombie || another) return { error: `${target.name} (pid ${target.pid}) has ended already.` };
  try {
    process.kill(target.pid, SIGNALS[action]);
    return {};
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return { error: `${target.name} (pid ${target.pid}) has ended already.` };
    if (code === 'EPERM')
      return {
        error: `${target.name} (pid ${target.pid}) belongs to another user: it cannot be sent ${SIGNALS[action]}.`,
      };
    return {
      error: `${target.name} (pid ${target.pid}) could not be sent ${SIGNALS[action]}: ${(error as Error).message}.`,
    };
  }
}
