/**
 * What no handler caught does not end a process of ours that others depend on: the language server carries all sessions, the relay a
 * program's output, `forkscope dap` the debug session. Node's default is to end the process.
 */

import { errorText, log } from './engine/log/log';
import { plainLines, stackLines } from './protocol/plain';

/** Distinct errors that are reported; beyond that they are only survived. */
const MOST = 100;

/**
 * From now on uncaught exceptions and unhandled rejections are passed to `report`, each distinct one once, and the process goes on.
 * To be called after what must not fail at a start, so that a start that fails still ends the process. Returns the function that undoes it.
 */
export function surviveErrors(report: (text: string) => void): () => void {
  const known = new Set<string>();
  const survive = (error: unknown): void => {
    const text = textOf(error);
    if (known.has(text) || known.size >= MOST) return;
    known.add(text);
    log.note('error', () => `nobody caught: ${errorText(error, true)}`);
    try {
      report(`Forkscope met an unexpected error and goes on: ${text}`);
    } catch {
      // A report that fails must not be the next error.
    }
  };
  process.on('uncaughtException', survive);
  process.on('unhandledRejection', survive);
  return () => {
    process.off('uncaughtException', survive);
    process.off('unhandledRejection', survive);
  };
}

/** Writes a line to this process's standard error; where that is closed, to nowhere. */
export function complain(text: string): void {
  if (!process.stderr.listenerCount('error')) process.stderr.on('error', () => {});
  process.stderr.write(plainLines(stackLines(text)));
}

function textOf(error: unknown): string {
  try {
    return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
  } catch {
    return 'an error without a text';
  }
}
