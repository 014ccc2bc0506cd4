/** How a command of ours that ran a program ends: as the program did. */
import { constants } from 'node:os';
import { dieBy } from '../control/groupSignals';
import type { Ended } from '../session/starter';

/** Ends this process as the program ended: with its exit code, or by its signal, so that a shell sees what it would have seen. */
export function leaveAs({ exitCode, signal }: Ended): never {
  if (signal !== null && process.platform !== 'win32') {
    const number = signalNumber(signal);
    if (number > 0) dieBy(number);
    process.exit(128 + number);
  }
  process.exit(exitCode ?? 1);
}

function signalNumber(name: string): number {
  return constants.signals[name as NodeJS.Signals] ?? (Number(/^signal (\d+)$/.exec(name)?.[1]) || 0);
}
