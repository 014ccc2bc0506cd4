import { expect, test } from 'vitest';
import { shellStatus } from '../../../../server/engine/os/exitStatus';

test.each([
  [0, null, 0],
  [3, null, 3],
  [null, null, 1],
  [null, 'SIGTERM', 143],
  [null, 'signal 35', 163],
  [null, 'SIGNOSUCH', 1],
])('exit code %s and signal %s give shell status %i', (exitCode, signal, status) => {
  expect(shellStatus({ exitCode, signal })).toBe(status);
});
