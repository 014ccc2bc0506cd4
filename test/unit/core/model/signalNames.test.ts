import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { signalNames } from '../../../../server/core/model/entities/signalNames';

test('the names are those of this system, of two of one signal the usual one', () => {
  const name = signalNames(process.platform);
  const names = new Map<number, string>();
  for (const [each, number] of Object.entries(constants.signals)) if (!names.has(number)) names.set(number, each);
  expect([...names.keys()].map(name)).toEqual([...names.values()]);
});

test('a program’s signals are named as where it ran, wherever its recording is read', () => {
  expect(signalNames('linux')(10)).toBe('SIGUSR1');
  expect(signalNames('darwin')(10)).toBe('SIGBUS');
  expect(signalNames('darwin')(9)).toBe('SIGKILL');
  expect(signalNames('win32')(22)).toBe('SIGABRT');
  expect(signalNames('linux')(34)).toBe('signal 34');
});
