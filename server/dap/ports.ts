/** What the debug adapter needs from the rest of the server; handed in by who composes it. */

import type { Engine, SessionHandle } from '../engine/session/types';
import type { SessionId } from '../protocol/views';
import type { LaunchArguments } from './launchArguments';

/** A program that is ready to be started: its session folder exists. */
export interface PreparedProgram {
  readonly id: SessionId;
  readonly folder: string;
  /** Executable and arguments. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** The program's whole environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** A command line of ours that runs a prepared program, waits for it and writes down how it ended. */
export interface SupervisingCommand {
  readonly args: readonly string[];
  /** To be added to the environment of the command itself, not of the program; null takes a variable away. */
  readonly env: Readonly<Record<string, string | null>>;
}

export interface Launcher {
  /** Folder of the Python runtime: its frames are hidden from stack traces. */
  readonly runtimeFolder: string;
  /** Rejects with a sentence for the user when this is no Python that Forkscope can work with. */
  checkPython(python: string): Promise<void>;
  /** Makes the session folder. Rejects with a sentence. */
  prepare(launch: LaunchArguments): Promise<PreparedProgram>;
  /** For a terminal: the program has the terminal's input and output. */
  terminalCommand(program: PreparedProgram): SupervisingCommand;
  /** For the debug console: runs `runRelay`; is given the program's whole environment and an IPC channel. */
  consoleCommand(program: PreparedProgram): SupervisingCommand;
  /** Asks every process of the session that lives to end, or kills it. Answers with a sentence for each that got no signal. */
  endTree(session: SessionHandle, how: 'terminate' | 'kill'): readonly string[];
}

export interface AdapterHost {
  readonly engine: Engine;
  readonly launcher: Launcher;
  /** Reports a new session, to be reopened after a restart of the server. */
  sessionStarted(session: { sessionId: SessionId; folder: string }): void;
  /** Reports a problem of a client or of the server itself, on standard error. */
  complain?(text: string): void;
  /** How long processes get between being asked to end and being killed; 3000 ms. */
  readonly graceMs?: number;
  /** How long the record of a vanished main process's end is waited for; 1000 ms. */
  readonly patienceMs?: number;
}
