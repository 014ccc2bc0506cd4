import { type ExecFileException, execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import * as v from 'valibot';

export interface PythonFacts {
  readonly executable: string;
  /** "3.11.7" */
  readonly version: string;
  readonly implementation: string;
}

const ASK =
  'import sys; sys.path[:] = [each for each in sys.path if each]; import json; print(json.dumps([list(sys.version_info[:3]), getattr(getattr(sys, "implementation", None), "name", "cpython"), sys.executable]))';
const SUPPORTED = 'Forkscope works with Python 2.7, and with 3.6 and newer.';

function isServed(major: number, minor: number): boolean {
  return major === 2 ? minor === 7 : major > 3 || (major === 3 && minor >= 6);
}

/**
 * Queries an interpreter. Rejects with a sentence for the user: what is wrong with which interpreter, and what to do.
 */
export async function probePython(python: string): Promise<PythonFacts> {
  const output = await new Promise<string>((resolve, reject) => {
    execFile(python, ['-E', '-s', '-S', '-c', ASK], { timeout: 10_000, windowsHide: true }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(explain(python, error, stderr)));
    });
  });
  const found = parsed(output);
  if (found === null) throw new Error(`${python} did not answer like a Python interpreter. Choose another one.`);
  const [version, implementation, executable] = found;
  return checkedPython(python, version.join('.'), implementation, executable);
}

const ANSWER = v.tuple([v.array(v.number()), v.string(), v.string()]);

/** Version, implementation and executable; null: it is another text. */
function parsed(output: string): v.InferOutput<typeof ANSWER> | null {
  try {
    return v.parse(ANSWER, JSON.parse(output));
  } catch {
    return null;
  }
}

/** @throws an Error with a sentence if Forkscope does not support this version */
export function checkedPython(
  python: string,
  version: string,
  implementation: string,
  executable: string,
): PythonFacts {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (!isServed(major, minor)) {
    throw new Error(`${python} is Python ${version}. ${SUPPORTED} Choose another interpreter.`);
  }
  return { executable, version, implementation };
}

function explain(python: string, error: ExecFileException, stderr: string): string {
  const code: unknown = error.code;
  if (code === 'ENOENT')
    return `There is no Python interpreter at ${python}. Check the path, or choose another interpreter.`;
  if (code === 'EACCES') return `${python} may not be executed. Check its permissions, or choose another interpreter.`;
  if (error.killed === true) return `${python} did not answer within 10 seconds. Choose another interpreter.`;
  if (error.signal) return `${python} crashed (${error.signal}) when it was asked for its version. Choose another one.`;
  return `${python} is no working Python interpreter: ${lastLine(stderr).slice(0, 200) || error.message}. Choose another one.`;
}
function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/**
 * The interpreter for the command line: $VIRTUAL_ENV, ./.venv, ./venv, then python3 or python on the PATH; null: none.
 */
export function findPython(cwd: string, env: NodeJS.ProcessEnv = process.env): string | null {
  const windows = process.platform === 'win32';
  const inside = windows ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const virtual = [env['VIRTUAL_ENV'], join(cwd, '.venv'), join(cwd, 'venv')];
  for (const folder of virtual) {
    if (folder !== undefined && folder !== '' && isFile(join(folder, ...inside))) return join(folder, ...inside);
  }
  const names = windows ? ['python.exe', 'python3.exe'] : ['python3', 'python'];
  for (const name of names) {
    for (const folder of (env['PATH'] ?? '').split(delimiter)) {
      if (folder !== '' && isFile(join(folder, name))) return join(folder, name);
    }
  }
  return null;
}
function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
/** Expands a leading `~` to the user's home. */
export function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
