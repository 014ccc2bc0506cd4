/** The two ways to start a prepared program: with its output in the debug console, or in a terminal of the editor. */
import { spawn } from 'node:child_process';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { log } from '../engine/log/log';
import { launchFailed, terminalFailed } from './errors';
import type { LaunchArguments } from './launchArguments';
import { OutputPump, type OutputSink } from './output';
import type { Launcher, PreparedProgram } from './ports';
import type { RelayMessage } from './relay';
import type { Run } from './run';

function environment(program: PreparedProgram, extra: Readonly<Record<string, string | null>>): NodeJS.ProcessEnv {
  // Into a pipe Python would hold output back until 8 kB are together, and on Windows encode it as the code page says.
  const env: NodeJS.ProcessEnv = {
    PYTHONUNBUFFERED: '1',
    ...(process.platform === 'win32' ? { PYTHONIOENCODING: 'utf-8' } : {}),
    ...program.env,
  };
  for (const [name, value] of Object.entries(extra)) {
    env[name] = value ?? undefined;
  }
  return env;
}

/**
 * Starts the program with its output going to `sink` and without input. It is in a process group of its own and writes to a
 * relay, so neither a signal to the server's group nor the server's end reaches it. Rejects with a DapError when it
 * cannot be started. What goes wrong later is told to `trouble`.
 */
export async function startInConsole(
  run: Run,
  launcher: Launcher,
  sink: OutputSink,
  trouble: (text: string) => void,
): Promise<void> {
  const { program } = run;
  const { args, env } = launcher.consoleCommand(program);
  const [file = '', ...rest] = args;
  const relay = spawn(file, rest, {
    cwd: program.cwd,
    env: environment(program, env),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  log.note('process', `relay pid ${relay.pid ?? 'none'} of ${program.folder}`);
  const { stdout, stderr } = relay;
  if (stdout === null || stderr === null) {
    throw launchFailed(`${file} has no output`);
  }
  await new Promise<void>((resolve, reject) => {
    let ended = (): void => {};
    const mainEnded = new Promise<void>((done) => {
      ended = done;
    });
    relay.once('error', (error) => reject(launchFailed(error.message)));
    relay.once('exit', (code, signal) => {
      log.note('process', `relay pid ${relay.pid} ended: ${signal ?? code}`);
      reject(launchFailed(`${file} ended too early`));
      ended();
      run.begin();
    });
    relay.on('message', (message) => {
      const told = message as RelayMessage;
      if (told.type === 'started' || told.type === 'exited') log.note('program', () => JSON.stringify(told));
      if (told.type === 'failed') {
        reject(launchFailed(told.message));
      } else if (told.type === 'started') {
        const pump = new OutputPump(sink);
        const read = Promise.all([pump.read(stdout, 'stdout'), pump.read(stderr, 'stderr')]);
        read.catch((error: unknown) => trouble(String(error)));
        run.hold(mainEnded.then(() => untilQuiet(run, pump, read))).catch(() => {
          // what went wrong with the reading was told above
        });
        run.started(told.pid);
        resolve();
      } else if (told.type === 'trouble') {
        trouble(told.message);
      } else {
        // Where the session cannot be read any more, the end that the relay saw is still the end.
        run
          .mainExited(told)
          .catch((error: unknown) => trouble(String(error)))
          .finally(ended);
      }
    });
  });
}

/** How long silence lasts before open pipes of an ended program are taken for forgotten, ms. */
const QUIET = 300;

/**
 * Resolves when all output was sent. A leftover process outside the session may keep the pipes open forever. So it also resolves when the tree has
 * ended and no output arrived for a while.
 */
async function untilQuiet(run: Run, pump: OutputPump, read: Promise<unknown>): Promise<void> {
  let done = false;
  const reading = read.then(() => {
    done = true;
  });
  let before = -1;
  while (!done && (before !== pump.received || run.threads.alive.length > 0)) {
    before = pump.received;
    await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, QUIET))]);
    await pump.flush();
  }
}

type RunInTerminal = (
  args: DebugProtocol.RunInTerminalRequestArguments,
) => Promise<DebugProtocol.RunInTerminalResponse>;

/** Asks the editor for a terminal that runs and supervises the program. Rejects with a DapError when it gives none. */
export async function startInTerminal(
  program: PreparedProgram,
  launch: LaunchArguments,
  launcher: Launcher,
  runInTerminal: RunInTerminal,
): Promise<void> {
  const { args, env } = launcher.terminalCommand(program);
  log.note('process', `a terminal is asked to supervise ${program.folder}`);
  const response = await runInTerminal({
    kind: launch.console === 'externalTerminal' ? 'external' : 'integrated',
    title: launch.name,
    cwd: program.cwd,
    args: [...args],
    env: { ...env },
  });
  if (!response.success) {
    throw terminalFailed(response.message ?? '');
  }
}
