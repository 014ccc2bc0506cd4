import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Output, OutputError, outputProblem, writeOutput } from '../files/output';
import { plainJson, plainLines } from '../protocol/plain';
import { createSessionFolder, readSessionFile, runtimeFolder, sessionEnvironment } from '../session/folder';
import { Session } from '../session/handle';
import { NATIVE_BY_DEFAULT, prepareRuntime } from '../session/prepared';
import { expandHome, findPython, probePython } from '../session/python';
import { shellStatus, supervise } from '../session/supervise';
import { FindingTeller } from './findings';
import { LiveStatus } from './live';
import { summary } from './text';

export interface RunOptions {
  python?: string;
  record?: string;
  report?: string;
  live?: boolean;
  quiet?: boolean;
  module?: boolean;
}

/** How long processes that outlive the main one are waited for before the report is written. */
const SETTLE_MS = 2000;

/** Runs a program and answers with its exit status, or 2 when it could not be started. */
export async function run(script: string, args: readonly string[], options: RunOptions): Promise<number> {
  const cwd = process.cwd();
  if (options.module !== true && !existsSync(script))
    return failed(`There is no file ${resolve(script)}. Check the path, or use -m for a module.`);
  if (options.module !== true && statSync(script).isDirectory() && !existsSync(resolve(script, '__main__.py'))) {
    return failed(`${resolve(script)} is a folder without a __main__.py. Name a script in it.`);
  }
  const problem = outputProblem(outputsOf(options), options.module === true ? [] : [script, ...mainOf(script)]);
  if (problem !== null) return failed(problem);
  const python = options.python === undefined ? findPython(cwd) : expandHome(options.python);
  if (python === null)
    return failed(
      'There is no Python: no active virtual environment, no .venv here, no python3 on the PATH. Name one with --python.',
    );
  let command: string[];
  try {
    const { executable } = await probePython(python);
    void prepareRuntime(runtimeFolder(), executable, NATIVE_BY_DEFAULT > 0);
    command = [python, ...(options.module === true ? ['-m'] : []), script, ...args];
  } catch (error) {
    return failed((error as Error).message);
  }
  const { folder } = createSessionFolder({ command, cwd, python });
  const session = new Session({
    folder,
    file: readSessionFile(folder),
    path: folder,
    recorded: false,
    temporary: true,
  });
  const live = options.live === true && process.stderr.isTTY ? new LiveStatus(session, process.stderr) : null;
  const teller = new FindingTeller(session, (text) => {
    if (options.quiet === true) return;
    live?.clear();
    process.stderr.write(text);
  });
  // Messages are counted as they come, so that a long run does not have to be read again at its end.
  const timer = setInterval(() => {
    session.poll();
    teller.hangs();
    live?.draw();
  }, 200);
  let keepsFolder = false;
  try {
    const ended = await supervise(
      folder,
      command,
      cwd,
      sessionEnvironment(folder, process.env, { native: NATIVE_BY_DEFAULT }),
    );
    clearInterval(timer);
    live?.clear();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => process.exit(shellStatus(ended)));
    }
    process.once('exit', () => {
      if (!keepsFolder) session.dispose(true);
    });
    await settle(session);
    const { problems, lost } = await writeResults(session, options);
    keepsFolder = lost;
    teller.rest();
    if (options.quiet !== true && options.record === undefined && options.report === undefined)
      process.stderr.write(summary(session.report()));
    // The exit code stays the program's own: what went wrong here is not its fault.
    if (lost) problems.push(`What was recorded stays in ${folder}; forkscope report reads it.`);
    process.stderr.write(plainLines(problems.map((each) => `forkscope: ${each}`)));
    return shellStatus(ended);
  } catch (error) {
    return failed((error as Error).message);
  } finally {
    clearInterval(timer);
    if (!keepsFolder) session.dispose(true);
    if (!keepsFolder) rmSync(folder, { recursive: true, force: true });
  }
}

/** Until all processes ended, or for a while: the program's own end is not held up by what it left running. */
async function settle(session: Session): Promise<void> {
  const end = Date.now() + SETTLE_MS;
  session.lookSoon();
  await session.refresh();
  while (!session.finished && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    session.lookSoon();
    await session.refresh();
  }
}

function outputsOf({ report, record }: RunOptions): Output[] {
  return [
    ...(report === undefined ? [] : [{ file: report, kind: 'report' as const }]),
    ...(record === undefined ? [] : [{ file: record, kind: 'recording' as const }]),
  ];
}
/** Of a folder that is run: the file in it. */
function mainOf(script: string): string[] {
  const main = join(script, '__main__.py');
  return existsSync(main) ? [main] : [];
}

/** Writes what was asked for. `lost`: something of it is nowhere now. */
async function writeResults(session: Session, options: RunOptions): Promise<{ problems: string[]; lost: boolean }> {
  const problems: string[] = [];
  let lost = false;
  for (const output of outputsOf(options)) {
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

function failed(sentence: string): number {
  process.stderr.write(plainLines([`forkscope: ${sentence}`]));
  return 2;
}
