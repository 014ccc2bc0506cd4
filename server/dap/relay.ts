/**
 * A process of our own between the server and a program whose output goes to the debug console. The program writes into its
 * pipes, not into the server's: when the server crashes, the relay goes on reading, so the program never meets a broken
 * pipe, and it still writes down how the program ended.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { SessionEndFile } from '../session/types';

/** relay → server */
export type RelayMessage =
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'exited'; readonly pid: number; readonly exitCode: number | null; readonly signal: string | null };

function tell(message: RelayMessage): void {
  if (process.connected) {
    process.send?.(message, () => {
      // The server may go at any moment; then there is nobody to tell.
    });
  }
}

/** Passes on what `from` says as fast as `to` takes it; to nobody once `to` is broken. */
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
export function runRelay(command: readonly string[], recordEnd: (end: SessionEndFile) => Promise<void>): void {
  // Whoever closes a terminal or stops the server's group does not mean the program.
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {});
  }
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
  pass(child.stdout, process.stdout);
  pass(child.stderr, process.stderr);
  child.once('exit', (exitCode, signal) => {
    void recordEnd({ pid, exitCode, signal, endedAt: Date.now() })
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
