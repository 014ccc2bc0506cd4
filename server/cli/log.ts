/** The log that `--log` asks for: all there is to say, so that nobody has to be asked to do it again. */
import { outputProblem } from '../engine/files/output';
import { log } from '../engine/log/log';
import { plainLines } from '../protocol/plain';

/** The file that a command which has no other outputs was given. @throws an Error with a sentence when it cannot be written */
export function checkedLog(file: string): string {
  const problem = outputProblem([{ file, kind: 'log' }]);
  if (problem !== null) throw new Error(problem);
  return file;
}

/** @param role what this process is */
export function startLog(role: string, file: string): void {
  log.role = role;
  log.start({}, 'verbose', file, {
    failed: (reason) =>
      void process.stderr.write(plainLines([`forkscope: the log ${file} is not written any more: ${reason}`])),
  });
}
