/** Which signals to the supervising process are passed on to the program, with a start helper that only listens. */
import type { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../../server/engine/launch/entry';
import type { Ended, Starter } from '../../../../server/engine/launch/starter';
import { supervise } from '../../../../server/engine/launch/supervise';

/** Supervises a program that ends on SIGUSR2; returns the signals that it was sent. */
async function passedOn(signals: readonly NodeJS.Signals[]): Promise<number[]> {
  const sent: number[] = [];
  let end: (ended: Ended) => void = () => {};
  const helper = {
    onSignal: () => {},
    start: async () => 1,
    ended: () => new Promise<Ended>((resolve) => (end = resolve)),
    caughtUp: async () => {},
    close: () => {},
    kill: (number: number) => {
      sent.push(number);
      if (number === 12) end({ pid: 1, exitCode: 0, signal: null });
    },
  };
  const numbers: Partial<Record<NodeJS.Signals, number>> = { SIGTSTP: 20, SIGTTIN: 21, SIGCONT: 18, SIGUSR2: 12 };
  await supervise({
    program: { arguments: [], environment: [], folder: '/nonexistent' },
    entry: {} as Entry,
    starter: helper as unknown as Starter,
    onStarted: () => {
      // After this the helper's answer is awaited.
      setImmediate(() => {
        for (const name of [...signals, 'SIGUSR2'] as const) (process as EventEmitter).emit(name, name, numbers[name]);
      });
    },
  });
  return sent;
}

describe.skipIf(process.platform === 'win32')('a signal to the supervising process alone', () => {
  test('that stops is passed on', async () => {
    expect(await passedOn(['SIGTSTP'])).toEqual([20, 12]);
  });

  test('that stops is dropped once the job continues: this process was stopped before it could handle it', async () => {
    expect(await passedOn(['SIGTSTP', 'SIGTTIN', 'SIGCONT'])).toEqual([18, 12]);
  });
});
