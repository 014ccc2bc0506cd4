/** The two ways to start a prepared program: as a child of this server, or in a terminal of the editor. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { launchFailed, terminalFailed } from './errors';
import type { LaunchArguments } from './launchArguments';
import { OutputPump, type OutputSink } from './output';
import type { Launcher, PreparedProgram } from './ports';
import type { Run } from './run';

function environment(program: PreparedProgram): NodeJS.ProcessEnv {
  // Into a pipe Python would hold output back until 8 kB are together, and on Windows encode it as the code page says.
  return {
    PYTHONUNBUFFERED: '1',
    ...(process.platform === 'win32' ? { PYTHONIOENCODING: 'utf-8' } : {}),
    ...program.env,
  };
}

/**
 * Starts the program with its output going to `sink` and without input. It is the leader of its own process group, so a
 * signal to the server's group does not reach it. Rejects with a DapError when it cannot be started.
 */
export async function startInConsole(run: Run, sink: OutputSink): Promise<void> {
  const { program } = run;
  const [file = '', ...args] = program.command;
  let child: ChildProcess;
  try {
    child = spawn(file, args, {
      cwd: program.cwd,
      env: environment(program),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    await once(child, 'spawn');
  } catch (error) {
    throw launchFailed(error instanceof Error ? error.message : String(error));
  }
  const { pid, stdout, stderr } = child;
  if (pid === undefined || stdout === null || stderr === null) {
    throw launchFailed(`${file} has no process id`);
  }
  child.once('exit', (exitCode, signal) => {
    // The way it ended is on disk or the disk is full: either way the engine sees that the process is gone.
    run.mainExited(pid, { exitCode, signal }).catch(() => run.begin());
  });
  const pump = new OutputPump(sink);
  void run.hold(readToEnd(run, pump, child));
  run.started(pid);
}

/** How long silence lasts before open pipes of an ended program are taken for forgotten, ms. */
const QUIET = 300;

/**
 * Resolves when all output was sent. A process that the program left behind, and that Forkscope does not see, may keep the
 * pipes open for ever: so it also resolves when the tree ended and nothing came for a while.
 */
async function readToEnd(run: Run, pump: OutputPump, child: ChildProcess): Promise<void> {
  const streams = [
    child.stdout === null ? undefined : pump.read(child.stdout, 'stdout'),
    child.stderr === null ? undefined : pump.read(child.stderr, 'stderr'),
  ];
  let done = false;
  const read = Promise.all(streams).then(() => {
    done = true;
  });
  await once(child, 'exit');
  let before = -1;
  while (!done && (before !== pump.received || run.threads.alive.length > 0)) {
    before = pump.received;
    await Promise.race([read, new Promise((resolve) => setTimeout(resolve, QUIET))]);
    await pump.flush();
  }
}

export type RunInTerminal = (
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
