/** Errors of the debug adapter: named factories, each with its own number and a sentence for the user. */

import type { DebugProtocol } from '@vscode/debugprotocol';
import * as l10n from '@vscode/l10n';
import type { DebugError } from '../debug/errors';

/** What an error response carries. `showUser` makes the editor show it in a dialogue. */
export class DapError extends Error {
  constructor(
    readonly id: number,
    message: string,
    readonly showUser: boolean,
  ) {
    super(message);
  }

  toMessage(): DebugProtocol.Message {
    // Braces in `format` would be read as variables: the text travels as one.
    return { id: this.id, format: '{text}', variables: { text: this.message }, showUser: this.showUser };
  }
}

/** A launch configuration that cannot be run, with the sentence that says why. */
export const badLaunch = (sentence: string): DapError => new DapError(2001, sentence, true);

export const launchFailed = (sentence: string): DapError => new DapError(2002, sentence, true);

export const terminalFailed = (sentence: string): DapError =>
  new DapError(2003, l10n.t('The terminal for the program could not be opened: {0}', sentence), true);

export const launchCancelled = (): DapError => new DapError(2004, l10n.t('The start was cancelled.'), false);

export const wrongOrder = (command: string, state: string): DapError =>
  new DapError(2005, l10n.t('The request {0} is not possible while the debug session is {1}.', command, state), false);

/** `byUser`: a button led here, so the user should read why nothing happens. */
export const notSupported = (command: string, byUser: boolean): DapError =>
  new DapError(
    2006,
    byUser
      ? l10n.t('Forkscope watches the program without stopping it: {0} is not possible.', command)
      : l10n.t('The request {0} is not supported.', command),
    byUser,
  );

export const noAttach = (): DapError =>
  new DapError(2007, l10n.t('Forkscope cannot attach to a running program. Let it start the program instead.'), true);

export const alreadyRestarting = (): DapError =>
  new DapError(2009, l10n.t('The program is being restarted already.'), false);

const notPaused = (): DapError => new DapError(2010, l10n.t('Process is not paused.'), false);

const nothingThere = (what: string, id: number): DapError =>
  new DapError(2011, l10n.t('There is no {0} {1} (any more).', what, String(id)), false);

const failedThere = (sentence: string): DapError => new DapError(2012, sentence, false);

/** What the debugger could not do, in words. */
export function asDapError({ problem }: DebugError): DapError {
  switch (problem.kind) {
    case 'notPaused':
      return notPaused();
    case 'nothingThere':
      return nothingThere(problem.what, problem.id);
    case 'refused':
      return failedThere(problem.sentence);
  }
}

export const notSteppable = (): DapError =>
  new DapError(2013, l10n.t('This session cannot be stopped: no local socket could be opened for it.'), true);

export const notDebugged = (): DapError =>
  new DapError(2015, l10n.t('The program was started without debugging: it is only watched.'), true);

export const onlyAtLines = (): DapError =>
  new DapError(2016, l10n.t('A process can go to another line only where it stands at a line.'), true);

export const badArguments = (command: string, name: string): DapError =>
  new DapError(2014, l10n.t('The request {0} needs "{1}".', command, name), false);

export const onlyPaths = (): DapError =>
  new DapError(2008, l10n.t('This debug adapter works with file paths only.'), false);

export const internal = (error: unknown): DapError =>
  new DapError(2000, error instanceof Error ? error.message : String(error), true);

/** What is said where the program could not be told its breakpoints, or a stop of it not be shown. */
export const plansFailed = (error: unknown): string =>
  l10n.t(
    'Stopping at messages failed: {0}. The program runs on.',
    error instanceof Error ? error.message : String(error),
  );

/** What is said of a message that is none. */
export const passedOver = (reason: string): string =>
  l10n.t('Forkscope’s debug adapter passes over a message that it cannot read: {0}.', reason);

/** What is said before the connection is closed. */
export const clientBroke = (reason: string): string =>
  l10n.t('Forkscope’s debug adapter ends the session, because what the client sends is no protocol: {0}.', reason);

/** What is said once where only messages can be stopped at. `command` installs the line debugger. */
export const withoutDebugpy = (command: string): string =>
  l10n.t(
    'Line breakpoints need debugpy, which this interpreter does not have: only messages can be stopped at. To install it: {0}',
    command,
  );

/** What is said where the line debugger did not get into a process. */
export const lineDebuggerFailed = (process: string, reason: string, command: string): string =>
  l10n.t(
    'The line debugger did not start in {0}: {1}. Its lines are not stopped at, its messages are. Try a newer debugpy ({2}), or set "lineDebugging" to "off" in the launch configuration.',
    process,
    reason,
    command,
  );

/** What is said where a program that is to stop at its entry has no line debugger. */
export const entryWithoutDebugpy = (): string =>
  l10n.t('"stopOnEntry": without a line debugger the program stops at its first operation (put, get, start, …).');

/** What is said, once for each breakpoint, of a condition that cannot be evaluated. */
export const conditionFailed = (condition: string, error: string, process: string): string =>
  l10n.t(
    'A breakpoint does not stop, because its condition fails: {0} ({1}, in {2}). Said once for this breakpoint.',
    condition,
    error,
    process,
  );

export const noDebugpy = (command: string): DapError => new DapError(2020, withoutDebugpy(command), true);

export const attachFailed = (error: unknown): DapError =>
  new DapError(2021, error instanceof Error ? error.message : String(error), true);
