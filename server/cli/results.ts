/** The outputs of `forkscope run`: the report and the recording. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { type Output, OutputError, outputProblem, writeOutput } from '../engine/files/output';
import type { Session } from '../engine/session/session';
import { plainJson } from '../protocol/plain';

export interface Outputs {
  readonly record?: string;
  readonly report?: string;
  /** Written while the program runs. */
  readonly log?: string;
}

/**
 * Why they cannot be written, as a sentence; null if they can. @param script the program's, which must not be among
 * them
 */
export function outputsProblem(outputs: Outputs, script: Buffer | null): string | null {
  const main = script === null ? null : Buffer.concat([script, Buffer.from('/__main__.py')]);
  const inputs = [script, main].filter((each): each is Buffer => each !== null && existsSync(each));
  const log = outputs.log === undefined ? [] : [{ file: outputs.log, kind: 'log' as const }];
  return outputProblem([...listed(outputs), ...log], inputs);
}

/** Writes them. `lost`: some contents could not be saved anywhere. */
export async function writeResults(
  session: Session,
  outputs: Outputs,
): Promise<{ readonly problems: readonly string[]; readonly lost: boolean }> {
  const problems: string[] = [];
  let lost = false;
  for (const output of listed(outputs)) {
    try {
      if (output.kind === 'recording') await session.save(output.file);
      else await writeOutput(output, (fd) => writeFileSync(fd, `${plainJson(session.report(), 2)}\n`));
    } catch (error) {
      problems.push((error as Error).message);
      lost ||= !(error instanceof OutputError) || error.kept === null;
    }
  }
  return { problems, lost };
}

/** Whether they can be written more than once: what went into a pipe or a terminal cannot be replaced. */
export function canBeReplaced(outputs: Outputs): boolean {
  return listed(outputs).every(({ file }) => {
    try {
      return statSync(file).isFile() && !/^\/(?:dev|proc)\//.test(file);
    } catch {
      return true;
    }
  });
}

function listed({ report, record }: Outputs): Output[] {
  return [
    ...(report === undefined ? [] : [{ file: report, kind: 'report' as const }]),
    ...(record === undefined ? [] : [{ file: record, kind: 'recording' as const }]),
  ];
}
