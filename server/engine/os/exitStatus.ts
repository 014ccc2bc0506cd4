import { constants } from 'node:os';

/** How a program ended, as seen by its parent. Both null: unknown. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  /** The system's name of the signal, or "signal 35" if it has none. */
  readonly signal: string | null;
}

/** The number of a signal named as in `ProgramEnd`; 0 if this system has none of that name. */
export function signalNumber(name: string): number {
  return constants.signals[name as NodeJS.Signals] ?? (Number(/^signal (\d+)$/.exec(name)?.[1]) || 0);
}

/**
 * The status that a shell would show: the exit code, or 128 + n for signal n. 1 if the end or the signal's number is
 * unknown.
 */
export function shellStatus({ exitCode, signal }: ProgramEnd): number {
  if (signal === null) return exitCode ?? 1;
  const number = signalNumber(signal);
  return number > 0 ? 128 + number : 1;
}
