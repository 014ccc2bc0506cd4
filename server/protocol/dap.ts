/**
 * What our debug adapter speaks beside the Debug Adapter Protocol: requests of the client, events of the adapter, and events that the runtime
 * sends through debugpy. On the wire all requests and events of the adapter are called `forkscope/<name>`.
 *
 * Arguments that do not fit are answered with error 2014, which names the field; a process that is not paused with 2010; what a paused process
 * refuses with 2012 and its sentence. Requests that need the program are possible while it runs (else 2005).
 */
import * as v from 'valibot';
import { fields, flag, type Schema, text } from './check';
import type { PayloadNode, ProcessId, SessionId } from './views';

interface DapEntry<A, R> {
  readonly arguments: Schema<A>;
  /** For the types alone. */
  readonly body?: R;
}

/** @typeParam R the response's body */
function request<R>() {
  return <A>(args: Schema<A>): DapEntry<A, R> => ({ arguments: args });
}

const threadId = v.number();
/** A process by its thread's number, or by its id in the session; the id counts where both are given. Neither: error 2010. */
const who = { threadId: v.exactOptional(threadId), processId: v.exactOptional(text()) };

export const DAP_REQUESTS = {
  /** The Forkscope session that belongs to this debug session; null before there is one. Possible at any time after `initialize`. */
  session: request<{ readonly sessionId: SessionId | null }>()(v.unknown()),
  /** Resumes every process. */
  continueAll: request<void>()(v.unknown()),
  /**
   * Suspends all other processes at their next operation, or, where some are suspended, resumes them.
   * `held`: whether they are suspended now.
   */
  freezeOthers: request<{ readonly held: boolean }>()(fields({ threadId })),
  /** What happens to the message that a process is paused at, once the process resumes. What is not given stays as it was. */
  message: request<void>()(
    fields({
      ...who,
      /** It is not sent, or not received. */
      drop: v.exactOptional(flag()),
      /** It is sent twice. */
      twice: v.exactOptional(flag()),
      /** Seconds that the process waits before the operation. */
      delay: v.exactOptional(v.number()),
      /** A Python expression whose value replaces the message at once. An exception in it is error 2012. */
      value: v.exactOptional(text()),
    }),
  ),
  /** What the message that a process is paused at is made of; null: not known. */
  payload: request<{ readonly tree: PayloadNode | null }>()(fields(who)),
  /** Leads the editor to a paused process, as if it had paused now. `focused`: whether it is paused. */
  focus: request<{ readonly focused: boolean }>()(fields(who)),
  /** Which process a thread is. processId null: none that lives. */
  process: request<{ readonly sessionId: SessionId | null; readonly processId: ProcessId | null }>()(
    fields({ threadId }),
  ),
};

export type DapRequestName = keyof typeof DAP_REQUESTS;
export type DapArguments<N extends DapRequestName> = v.InferOutput<(typeof DAP_REQUESTS)[N]['arguments']>;
export type DapBody<N extends DapRequestName> =
  (typeof DAP_REQUESTS)[N] extends DapEntry<infer _A, infer R> ? R : never;

/** Events of the adapter. */
export interface DapEvents {
  /** A Forkscope session began in this debug session: at its launch, and again at each restart. */
  readonly session: { readonly sessionId: SessionId };
  /** The interpreter has no debugpy, so only messages can be stopped at. */
  readonly noDebugpy: {
    readonly python: string;
    /** A command line that installs it. */
    readonly command: string;
  };
  /** debugpy did not get into a process; once for each reason. */
  readonly lineDebuggerFailed: {
    /** Its name and pid, as one text. */
    readonly process: string;
    readonly pid: number;
    readonly reason: string;
    readonly python: string;
    readonly command: string;
  };
}
export type DapEventName = keyof DapEvents;

/** What one of our requests or events is called on the wire. */
export function dapName(name: DapRequestName | DapEventName): string {
  return `forkscope/${name}`;
}

/** Events that the runtime sends through a process's debugpy, which keeps both to itself. `breakpoint`: debugpy's number of it. */
export interface RuntimeEvents {
  /** The condition of a line breakpoint raised an exception, of which `error` is the text: the process did not pause. */
  readonly forkscopeCondition: { readonly breakpoint: number; readonly condition: string; readonly error: string };
  /** A line breakpoint's log message. */
  readonly forkscopeLog: { readonly breakpoint: number; readonly text: string };
}
