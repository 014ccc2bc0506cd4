import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LaunchArguments } from '../../../server/dap/launchArguments';
import type { AdapterHost } from '../../../server/dap/ports';
import type { SessionEndFile } from '../../../server/engine/session/types';
import { FakeEngine, type FakeSession } from './engine';

/**
 * A host whose launcher starts the plain interpreter; the engine learns only what a test or the adapter passes to it.
 */
export class Host implements AdapterHost {
  readonly engine = new FakeEngine();
  readonly started: { sessionId: string; folder: string }[] = [];
  /** The error messages that the next `endTree` returns. */
  refused: string[] = [];
  readonly ended: [string, string][] = [];
  readonly complaints: string[] = [];
  complain = (text: string): void => void this.complaints.push(text);
  graceMs = 3000;
  patienceMs = 20;
  /** The behavior of a process that is requested to end. */
  onEnd: (session: FakeSession, how: 'terminate' | 'kill') => void = (session, how) => {
    const pid = [...session.processes.values()][0]?.meta.pid;
    if (pid !== undefined) {
      process.kill(pid, how === 'kill' ? 'SIGKILL' : 'SIGTERM');
    }
  };
  prepareError: Error | null = null;
  /** The ends of main processes as their supervisors recorded them. */
  readonly ends: SessionEndFile[] = [];
  /** How the engine reacts to a recorded end. */
  onMainEnd: (session: FakeSession, end: SessionEndFile) => void = (session, end) =>
    session.finish(end.exitCode, end.signal);
  private count = 0;

  /**
   * @param folder an empty one, the parent of session folders
   * @param relay the path of the built relay, for programs in the internal console
   */
  constructor(
    readonly folder: string,
    private readonly relay: () => string = () => '/nowhere/relay.cjs',
  ) {}

  private endFile(id: string): string {
    return path.join(this.folder, `${id}.end`);
  }

  readonly launcher: AdapterHost['launcher'] = {
    runtimeFolder: '/nowhere/runtime',
    checkPython: async (file) => {
      if (file.includes('nowhere')) {
        throw new Error(`There is no Python at ${file}.`);
      }
    },
    prepare: async (launch: LaunchArguments) => {
      if (this.prepareError !== null) {
        throw this.prepareError;
      }
      this.count += 1;
      const id = `s${this.count}`;
      const target = launch.program === null ? ['-m', launch.module ?? ''] : [launch.program];
      const env: NodeJS.ProcessEnv = { ...process.env };
      for (const [name, value] of Object.entries(launch.env)) {
        if (value === null) {
          delete env[name];
        } else {
          env[name] = value;
        }
      }
      return {
        id,
        folder: path.join(this.folder, id),
        command: [launch.python, ...target, ...launch.args],
        cwd: launch.cwd,
        env,
      };
    },
    terminalCommand: (program) => ({ args: ['node', 'cli.js', 'supervise', program.folder], env: { SOME: 'thing' } }),
    consoleCommand: (program) => ({
      args: [process.execPath, this.relay(), this.endFile(program.id), ...program.command],
      env: {},
    }),
    endTree: (session, how) => {
      this.ended.push([session.id, how]);
      this.onEnd(session as FakeSession, how);
      return this.refused;
    },
  };
  sessionStarted = (session: { sessionId: string; folder: string }): void => {
    this.started.push(session);
    const handle = this.session(session.sessionId);
    handle.onRefresh = () => {
      const file = this.endFile(handle.id);
      if (existsSync(file)) {
        const end = JSON.parse(readFileSync(file, 'utf8')) as SessionEndFile;
        this.ends.push(end);
        this.onMainEnd(handle, end);
      }
    };
  };
  session(id: string): FakeSession {
    const session = this.engine.sessions.get(id);
    if (session === undefined) {
      throw new Error(`no session ${id}`);
    }
    return session;
  }
}
