/** Real programs in session folders, for the tests of the engine and the command line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { findPython } from '../../../../server/engine/launch/python';
import { createSessionFolder, sessionEnvironment, writeSessionEnd } from '../../../../server/engine/session/folder';

export const PYTHON = findPython(tmpdir(), { PATH: process.env['PATH'] }) ?? 'python3';

export interface Running {
  readonly folder: string;
  readonly child: ChildProcess;
  /** Resolves when the program has ended and the end is recorded, unless recording was off. */
  readonly ended: Promise<void>;
  /** Ends it and all its children, which would otherwise keep the test runner's pipes open. */
  kill(): void;
}

/** Starts a program recorded into a new session folder. @param supervised whether its end is recorded */
export function start(script: string, args: readonly string[] = [], supervised = true): Running {
  const command = [PYTHON, script, ...args];
  const { folder } = createSessionFolder({ command, cwd: tmpdir(), python: PYTHON });
  const child = spawn(PYTHON, command.slice(1), {
    env: sessionEnvironment(folder, process.env),
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // its own process group
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (exitCode, signal) => {
      if (supervised) writeSessionEnd(folder, { pid: child.pid ?? null, exitCode, signal, endedAt: Date.now() });
      resolve();
    });
  });
  const kill = () => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // None of its processes is alive.
    }
  };
  return { folder, child, ended, kill };
}

/** Polls until the result is defined; fails after 20 s. */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found) return found as NonNullable<T>;
    if (Date.now() > end) throw new Error(`It never came to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Two children and a queue with dictionaries of a number and a word. Waits for a line of input before it ends. */
export const TALK = `
import multiprocessing, sys
def work(tasks, answers):
    for task in iter(tasks.get, None):
        answers.put(("done", task["id"]))
def main():
    tasks = multiprocessing.Queue(5)
    answers = multiprocessing.SimpleQueue()
    worker = multiprocessing.Process(target=work, args=(tasks, answers), name="worker")
    worker.start()
    for number in range(20):
        tasks.put({"id": number, "word": "odd" if number % 2 else "even"})
        answers.get()
    print("talked", flush=True)
    sys.stdin.readline()
    tasks.put(None)
    worker.join()
    sys.exit(3)
if __name__ == "__main__":
    main()
`;
