/** The log requested by `--log`, complete enough to diagnose a problem without a second run. */
import { outputProblem } from '../engine/files/output';
import { log } from '../engine/log/log';
import { plainLines } from '../protocol/plain';

/** The log file of a command without other outputs. @throws an Error with a sentence if it cannot be written */
export function checkedLog(file: string): string {
  const problem = outputProblem([{ file, kind: 'log' }]);
  if (problem !== null) throw new Error(problem);
  return file;
}

/** @param role this process's function */
export function startLog(role: string, file: string): void {
  log.role = role;
  log.start({}, 'verbose', file, {
    failed: (reason) =>
      void process.stderr.write(plainLines([`forkscope: the log ${file} is not written any more: ${reason}`])),
  });
}
