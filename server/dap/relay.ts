/**
 * A process of our own between the server and a program whose output goes to the debug console. The program writes into its
 * pipes, not into the server's: when the server crashes, the relay goes on reading, so the program never meets a broken
 * pipe, and it still writes down how the program ended. When nobody shows the program any more, because the window was closed and not
 * only loaded again, it ends it, as a terminal would.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { takeSignals } from '../engine/os/groupSignals';
import type { SessionEndFile } from '../engine/session/types';

/** relay → server */
export type RelayMessage =
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'failed'; readonly message: string }
  /** An error in the relay itself, which goes on. */
  | { readonly type: 'trouble'; readonly message: string }
  | { readonly type: 'exited'; readonly pid: number; readonly exitCode: number | null; readonly signal: string | null };

/** What the relay asks of who composes it. */
interface RelayHost {
  /** Writes down how the program ended. */
  recordEnd(end: SessionEndFile): Promise<void>;
  /** False if the process that showed the program is known and no longer alive. */
  watched(): boolean;
  /** How long the program continues without a viewer, ms: reloading a window takes some time. */
  readonly patienceMs?: number;
  /** From asking its processes to end to ending them. ms. */
  readonly graceMs?: number;
}

const PATIENCE = 60_000;
const GRACE = 3000;
const LOOK = 1000;

function tell(message: RelayMessage): void {
  if (process.connected) {
    process.send?.(message, () => {
      // The server may exit at any moment; the message then has no receiver.
    });
  }
}

/** For the debug console: the relay's own standard error is the program's. */
export function sayOfRelay(message: string): void {
  tell({ type: 'trouble', message });
}

/** Passes on the output of `from` as fast as `to` takes it; discards it once `to` is broken. */
function pass(from: Readable | null, to: Writable): void {
  if (from === null) {
    return;
  }
  to.on('error', () => {
    from.unpipe(to);
    from.resume();
  });
  from.pipe(to, { end: false });
}

/**
 * Runs the command with this process's environment and folder, passes its output on, and records its end.
 * This process ends by itself when the program ended and its pipes are closed.
 */
export function runRelay(command: readonly string[], host: RelayHost): void {
  // Whoever closes a terminal or stops the server's group does not mean the program, and what the program sends to its own group, in which
  // this process is, does not mean this process.
  takeSignals(() => {});
  const { ELECTRON_RUN_AS_NODE: _ours, ...env } = process.env;
  const [file = '', ...args] = command;
  let child: ChildProcess;
  try {
    child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  } catch (error) {
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    process.disconnect?.();
    return;
  }
  child.once('error', (error) => {
    if (child.pid === undefined) {
      tell({ type: 'failed', message: error.message });
      process.disconnect?.();
    }
  });
  const { pid } = child;
  if (pid === undefined) {
    return;
  }
  tell({ type: 'started', pid });
  // As long as the server lives, its debug session ends the program.
  process.once('disconnect', () => endWhenUnwatched(child, host));
  pass(child.stdout, process.stdout);
  pass(child.stderr, process.stderr);
  child.once('exit', (exitCode, signal) => {
    void host
      .recordEnd({ pid, exitCode, signal, endedAt: Date.now() })
      .catch(() => {
        // A disk that is full; the engine sees by itself that the process is gone.
      })
      .then(() => {
        tell({ type: 'exited', pid, exitCode, signal });
        if (process.connected) {
          process.disconnect();
        }
      });
  });
}

/** Ends the program and its descendants some time after its last viewer is gone. */
function endWhenUnwatched(child: ChildProcess, host: RelayHost): void {
  const { patienceMs = PATIENCE, graceMs = GRACE } = host;
  let alone = 0;
  const look = setInterval(
    () => {
      const now = performance.now();
      if (host.watched()) {
        alone = 0;
      } else if (alone === 0) {
        alone = now;
      } else if (now - alone >= patienceMs) {
        clearInterval(look);
        void endAll(child, graceMs);
      }
    },
    Math.min(LOOK, patienceMs / 4),
  );
  // This timer must not keep the relay alive: the relay ends with the program and all holders of its pipes.
  look.unref();
}

/** Ends all in the process group that the relay leads, and so the relay itself, once the program's end is written down. */
async function endAll(child: ChildProcess, graceMs: number): Promise<void> {
  const over = child.exitCode !== null || child.signalCode !== null;
  const ended = over ? Promise.resolve() : new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (process.platform === 'win32') {
    if (over) return; // its number may be another one's by now
    spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  process.kill(-process.pid, 'SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, graceMs));
  child.kill('SIGKILL');
  await ended;
  setTimeout(() => process.kill(-process.pid, 'SIGKILL'), LOOK);
}
