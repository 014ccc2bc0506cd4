/** Before each file of test/unit: its tests start no process. Those that need one are in test/integration. */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/** `git` is allowed, for the failure message of the test of words: it names the changed files. */
function refusing<F extends (command: string, ...rest: never[]) => unknown>(start: F): F {
  return ((command: string, ...rest: never[]) => {
    if (command === 'git') return start(command, ...rest);
    throw new Error(`A test in test/unit starts ${command}. Tests that start processes belong in test/integration.`);
  }) as F;
}

for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const)
  Object.assign(childProcess, { [name]: refusing(childProcess[name]) });
syncBuiltinESMExports();
