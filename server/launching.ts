/** How debug sessions start and end programs: the debug adapter's launcher, made of the engine's parts. */
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LaunchArguments } from './dap/launchArguments';
import type { Launcher, PreparedProgram, SupervisingCommand } from './dap/ports';
import { holdForDebugger, makeControlPage } from './debug/pauses/plan';
import { NATIVE_BY_DEFAULT, prepareRuntime } from './engine/launch/prepared';
import { expandHome, probePython } from './engine/launch/python';
import { claimSession } from './engine/session/claim';
import { createSessionFolder, FOLDER_PREFIX, runtimeFolder, sessionEnvironment } from './engine/session/folder';
import { writeOwner } from './engine/session/owner';
import type { SessionHandle } from './engine/session/types';
import { nodeOptions } from './protocol/nodeOptions';
import type { PrepareParams } from './protocol/requests';
import type { PreparedSession } from './protocol/stream';
import { isGone } from './shared/processes';

/** The argument that makes the server's bundle a relay: `server.js --relay FOLDER COMMAND…`. */
export const RELAY = '--relay';

/** The argument that names the server's log: `server.js --stdio --log FILE`. */
export const LOG = 'log';

/** Where the built programs are. */
interface Built {
  readonly server: string;
  readonly cli: string;
}

/** What lets this very executable run a script, when it is Electron and not Node. */
function asNode(): Record<string, string> {
  return 'electron' in process.versions ? { ELECTRON_RUN_AS_NODE: '1' } : {};
}

/** The server's environment with the changes that the launch configuration asks for. */
function changed(env: LaunchArguments['env']): NodeJS.ProcessEnv {
  const result: NodeJS.ProcessEnv = { ...process.env };
  for (const [name, value] of Object.entries(env)) {
    if (value === null) {
      delete result[name];
    } else {
      result[name] = value;
    }
  }
  return result;
}

/** A prepared program remembers the launch that it came from: a terminal has an environment of its own to change. */
interface Prepared extends PreparedProgram {
  readonly launch: LaunchArguments;
}

/** What a terminal's own environment lacks: what the configuration asks for, and what switches the runtime on. */
function terminalEnvironment({ folder, launch }: Prepared): Record<string, string | null> {
  const { PYTHONPATH: inherited = null } = process.env;
  const { PYTHONPATH = inherited } = launch.env;
  const ours = sessionEnvironment(folder, PYTHONPATH === null ? {} : { PYTHONPATH }, launch.recording);
  const set = Object.entries(ours).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { ...launch.env, ...Object.fromEntries(set) };
}

export function createLauncher(built: Built): Launcher {
  const executables = new Map<string, string>();
  return {
    runtimeFolder: runtimeFolder(),

    checkPython: async (python) => {
      const { executable } = await probePython(expandHome(python));
      executables.set(python, executable);
    },

    prepare: async (launch): Promise<Prepared> => {
      const python = expandHome(launch.python);
      const target = launch.program === null ? ['-m', launch.module ?? ''] : [launch.program];
      const command = [python, ...target, ...launch.args];
      const { folder, file } = createSessionFolder({ command, cwd: launch.cwd, python });
      // Without it no process can be stopped.
      if (!launch.noDebug) makeControlPage(folder);
      // Whoever started the server: the editor, or its host of extensions.
      claimSession(folder, process.ppid);
      writeOwner(folder);
      const executable = executables.get(launch.python);
      const native = (launch.recording['native'] ?? 0) > 0;
      if (executable !== undefined) void prepareRuntime(runtimeFolder(), executable, native);
      const env = sessionEnvironment(folder, changed(launch.env), launch.recording);
      return { id: file.id, folder, command, cwd: launch.cwd, env, launch };
    },

    terminalCommand: (program): SupervisingCommand => ({
      args: [process.execPath, ...nodeOptions(), built.cli, 'supervise', program.folder],
      env: { ...terminalEnvironment(program as Prepared), ...asNode() },
    }),

    consoleCommand: (program): SupervisingCommand => ({
      args: [process.execPath, ...nodeOptions(), built.server, RELAY, program.folder, ...program.command],
      env: asNode(),
    }),

    endTree: (session, how) => endTree(session, how),
  };
}

/** Signals every process of the session that lives, parents first: a pool that sees its workers end starts new ones. */
function endTree(session: SessionHandle, how: 'terminate' | 'kill'): string[] {
  const { processes = [], processStatus = [] } = session.snapshot();
  const ended = new Set(processStatus.filter((status) => isGone(status.state)).map((status) => status.id));
  const alive = processes.filter((meta) => !ended.has(meta.id)).sort((a, b) => a.startedAtMs - b.startedAtMs);
  const refused: string[] = [];
  for (const { id } of alive) {
    const { error, gone: over } = session.control(id, how);
    if (error !== undefined && over !== true) refused.push(error);
  }
  return refused;
}

/** True for a folder that `createSessionFolder` made; others belong to the user. */
export function ownsFolder(folder: string): boolean {
  return path.dirname(folder) === path.resolve(tmpdir()) && path.basename(folder).startsWith(FOLDER_PREFIX);
}

/**
 * A session folder for a program that another debugger starts, and what its environment needs. The program waits at its first operation for
 * the debug session that attaches.
 */
export function prepareSession({ command, cwd, pythonPath }: PrepareParams): PreparedSession {
  const { folder } = createSessionFolder({ command, cwd, python: command[0] ?? '' });
  makeControlPage(folder);
  holdForDebugger(folder);
  const { PYTHONPATH: inherited } = process.env;
  const base = pythonPath ?? inherited;
  const env = sessionEnvironment(folder, base === undefined ? {} : { PYTHONPATH: base }, { native: NATIVE_BY_DEFAULT });
  return {
    folder,
    runtime: runtimeFolder(),
    env: Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined)),
  };
}
