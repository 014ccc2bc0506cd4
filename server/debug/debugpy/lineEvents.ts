/** Events of line debugging for the face that shows it, and its start options. */
import type { SourceLine } from '../../protocol/views';
import type { BreakpointAnswer } from '../breakpoints';

export interface LineOptions {
  /** The folder of the debugpy package. */
  readonly debugpy: string;
  readonly justMyCode: boolean;
  /** Frames of files below are the runtime's: they are not shown and not stepped into. */
  readonly runtime: string;
  /** The main process pauses before its first line. */
  readonly stopOnEntry: boolean;
  /** The program's output goes to the debug console, not to a terminal. */
  readonly captured: boolean;
}

/** Why a thread paused, in debugpy's words: step, breakpoint, exception, entry, pause, goto, … */
export interface LinePause {
  readonly threadId: number;
  readonly reason: string;
  readonly description?: string | undefined;
  /** Of an exception: its type and text. */
  readonly text?: string | undefined;
  /** The user's breakpoints that it paused at; empty: not known, or none. */
  readonly breakpoints: readonly number[];
}

/** A place in source, of a breakpoint. */
export type Place = Pick<SourceLine, 'file' | 'line'>;

export interface LineEvents {
  paused(pause: LinePause): void;
  /** A thread that is paused because another one of its process is. */
  pausedWith(threadId: number): void;
  resumed(threadId: number): void;
  /** A further thread of a paused process is shown from now on, or not any more. */
  threadStarted(threadId: number): void;
  threadExited(threadId: number): void;
  /** debugpy's own event: `category` stdout, stderr, console, …; `output` the text. */
  programOutput(body: Readonly<Record<string, unknown>>): void;
  /** A breakpoint's log message. @param place where that is; null: not known */
  logged(text: string, place: Place | null): void;
  /** A breakpoint does not pause a process, because its condition raised an exception; once for each breakpoint and condition. */
  conditionFailed(condition: string, error: string, process: string, place: Place | null): void;
  breakpointChanged(breakpoint: BreakpointAnswer): void;
  /** debugpy refuses a process, which resumes without it. */
  refused(pid: number, reason: string): void;
}
