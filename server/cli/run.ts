import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { bytesOf } from '../engine/launch/bytes';
import { closeInherited, readEntry } from '../engine/launch/entry';
import { programEnvironment } from '../engine/launch/environment';
import { NATIVE_BY_DEFAULT, prepareRuntime } from '../engine/launch/prepared';
import { expandHome, findPython, probePython } from '../engine/launch/python';
import { Starter } from '../engine/launch/starter';
import { type Ended, isIgnored, supervise } from '../engine/launch/supervise';
import { log } from '../engine/log/log';
import { dieBy, ENDING_SIGNALS, takeSignals } from '../engine/os/groupSignals';
import { runtimeFolder } from '../engine/session/folder';
import { plainLines } from '../protocol/plain';
import { programWords } from './arguments';
import { leaveAs } from './leave';
import { startLog } from './log';
import { Recorded, type RecordedOptions } from './recorded';
import { canBeReplaced, outputsProblem } from './results';

export interface RunOptions extends RecordedOptions {
  python?: string;
  module?: boolean;
}

/** Runs a program, and ends this process as the program ended. Returns 2 if it could not be started. */
export async function run(script: string, args: readonly string[], options: RunOptions): Promise<number> {
  const entry = readEntry();
  const words = programWords(entry, script, args);
  const cwd = currentFolder();
  if (options.module !== true && !existsSync(words.script))
    return failed(`There is no file ${full(script)}. Check the path, or use -m for a module.`);
  if (options.module !== true && isFolderWithoutMain(words.script))
    return failed(`${full(script)} is a folder without a __main__.py. Name a script in it.`);
  const problem = outputsProblem(options, options.module === true ? null : words.script);
  if (problem !== null) return failed(problem);
  const python =
    options.python === undefined ? findPython(cwd.includes('\uFFFD') ? '' : cwd) : expandHome(options.python);
  if (python === null)
    return failed(
      'There is no Python: no active virtual environment, no .venv here, no python3 on the PATH. Name one with --python.',
    );
  if (options.log !== undefined) startLog('run', options.log);
  log.note('run', () => `${python} ${full(script)}, ${args.length} arguments, in ${cwd}`);
  let recorded: Recorded | null = null;
  let starter: Starter | null = null;
  let ended: Ended | null = null;
  let phase: 'starting' | 'running' | 'leaving' = 'starting';
  takeSignals((name, number) => {
    // A signal that the shell set to ignored ends nothing, and one that does not end programs has no meaning for us.
    if (!ENDING_SIGNALS.includes(name) || isIgnored(number, entry.ignored)) return;
    if (phase === 'running') recorded?.interrupted();
    else if (phase === 'leaving') recorded?.hurry(() => leaveAs(ended as Ended));
    else {
      starter?.abandon();
      recorded?.dispose();
      log.flush();
      dieBy(number);
    }
  });
  try {
    const opened = await Starter.open(python, entry);
    starter = opened?.starter ?? null;
    const { executable } = opened?.facts ?? (await probePython(python));
    void prepareRuntime(runtimeFolder(), executable, NATIVE_BY_DEFAULT > 0);
    const module = options.module === true ? ['-m'] : [];
    recorded = new Recorded([python, ...module, script, ...args], cwd, python, options);
    const { folder } = recorded;
    const program = {
      arguments: [...[python, ...module].map(bytesOf), words.script, ...words.args],
      environment: programEnvironment(entry, folder, { native: NATIVE_BY_DEFAULT }),
      folder,
    };
    phase = 'running';
    // Results may go to an inherited descriptor.
    const onStarted = canBeReplaced(options) ? () => closeInherited(entry) : undefined;
    const onSignal = () => recorded?.lookNow();
    ended = await supervise({ program, entry, starter, onSignal, ...(onStarted !== undefined && { onStarted }) });
    phase = 'leaving';
    await recorded.conclude();
    recorded.dispose();
  } catch (error) {
    starter?.abandon();
    recorded?.dispose();
    return failed((error as Error).message);
  }
  leaveAs(ended);
}

/** '' if it was deleted; bytes that are not UTF-8 are replaced. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '';
  }
}

function full(file: string): string {
  try {
    return resolve(file);
  } catch {
    return file;
  }
}

function isFolderWithoutMain(script: Buffer): boolean {
  return statSync(script).isDirectory() && !existsSync(Buffer.concat([script, Buffer.from('/__main__.py')]));
}

function failed(sentence: string): number {
  log.note('run', `not started: ${sentence}`);
  process.stderr.write(plainLines([`forkscope: ${sentence}`]));
  return 2;
}
