/**
 * The language server's own requests: one entry each, with the check of its parameters and the type of its answer. The server's table of
 * handlers has to have one for each (server/lsp/requests.ts), the extension asks by name, and the panel may ask what is `relayed`.
 *
 * All travel from client to server as `forkscope/<name>`, in plain JSON. Parameters that do not fit are answered with InvalidParams (-32602) and a
 * sentence, what the server cannot do with RequestFailed (-32803) and one.
 */
import * as v from 'valibot';
import { fields, finite, flag, fullText, oneOf, type Schema, text, texts, upTo, whole } from './check';
import type { DapEndpoint, MessagesResult, PreparedSession, TasksResult, UpdateParams } from './stream';
import { MAX_LANES, type Moment, type TimelineResult } from './timeline';
import {
  type DepthPoint,
  type MessageDetail,
  type MessageFilter,
  TASK_ORDERS,
  TASK_STATES,
  type TaskDetail,
  type TaskFilter,
} from './views';

/** `relayed`: the extension passes it on for the panel. `result` is for the types alone. */
interface RequestEntry<P, R, Relayed extends boolean> {
  readonly params: Schema<P>;
  readonly relayed: Relayed;
  readonly result?: R;
}

/** @typeParam R the answer */
function request<R>() {
  return <P>(params: Schema<P>): RequestEntry<P, R, false> => ({ params, relayed: false });
}

/** One that the panel may ask too. @typeParam R the answer */
function relayed<R>() {
  return <P>(params: Schema<P>): RequestEntry<P, R, true> => ({ params, relayed: true });
}

/** What could not be done is an answer too: a sentence for the user. */
type Outcome = { error?: string };

const nothing = v.unknown();
const sessionId = fullText();

const messageFilter: Schema<MessageFilter> = fields({
  channelId: v.exactOptional(text()),
  processId: v.exactOptional(text()),
  text: v.exactOptional(text()),
  library: v.exactOptional(flag()),
});

const taskFilter: Schema<TaskFilter> = fields({
  poolId: v.exactOptional(text()),
  state: v.exactOptional(oneOf(TASK_STATES)),
  workerId: v.exactOptional(text()),
  function: v.exactOptional(text()),
  text: v.exactOptional(text()),
});

export const CONTROL_ACTIONS = ['interrupt', 'terminate', 'kill'] as const;

export const REQUESTS = {
  /** Everything again, as full deltas (after a reload of the window, a restart). */
  resync: request<UpdateParams>()(nothing),
  /** One page of the message list. */
  messages: relayed<MessagesResult>()(
    fields({
      sessionId,
      filter: messageFilter,
      /** Rows of the filtered list, from 0, oldest first; from -1000 to -1: so many before its end, however long it is by then. */
      offset: whole(-1000),
      limit: whole(1, 1000),
    }),
  ),
  /** Everything about one message; null when there is none of that number. */
  message: relayed<MessageDetail | null>()(fields({ sessionId, messageId: whole(0) })),
  /** One page of the list of pools' tasks. */
  tasks: relayed<TasksResult>()(
    fields({
      sessionId,
      filter: taskFilter,
      /** Default: submitted, ascending. */
      order: v.exactOptional(oneOf(TASK_ORDERS)),
      descending: v.exactOptional(flag()),
      /** Rows of the filtered and ordered list, from 0. */
      offset: whole(0),
      limit: whole(1, 1000),
    }),
  ),
  /** Everything about one task; null when there is none of that number. */
  task: relayed<TaskDetail | null>()(fields({ sessionId, taskId: whole(0) })),
  /** A queue's depth over the whole run, at most `points` points. */
  depthHistory: relayed<readonly DepthPoint[]>()(
    fields({ sessionId, channelId: fullText(), points: whole(1, 100_000) }),
  ),
  /** What the timeline has in sight, never more than its pixels can show. */
  timeline: relayed<TimelineResult>()(
    fields({
      sessionId,
      /** The span in sight, ms since the session's start. */
      fromMs: finite(),
      toMs: finite(),
      /** Its width in device pixels. */
      pixels: whole(1, 65_536),
      /** Processes whose lanes, and channels whose depths are in sight. */
      processes: upTo(MAX_LANES),
      channels: upTo(MAX_LANES),
      /** Messages from and to those lanes are wanted too; those of pools and managers only with `library`. */
      messages: flag(),
      library: flag(),
    }),
  ),
  /** What every process and channel was like at a moment, ms since the session's start. */
  moment: relayed<Moment>()(fields({ sessionId, atMs: finite() })),
  /** Sends a signal to one process of a live session. */
  control: request<Outcome>()(fields({ sessionId, processId: fullText(), action: oneOf(CONTROL_ACTIONS) })),
  /** Reads a session folder (again) or a recording file. */
  open: request<{ sessionId: string }>()(fields({ path: fullText() })),
  /** Forgets an ended session; a folder that Forkscope made in the temporary folder is deleted. */
  close: request<Outcome>()(fields({ sessionId })),
  /** Packs a session into one recording file. */
  save: request<Outcome>()(fields({ sessionId, file: fullText() })),
  /** Makes a session folder for a program that another debugger starts; a debug session attaches to it. */
  prepare: request<PreparedSession>()(
    fields({
      /** Interpreter and arguments, as far as they are known: what the session is called. */
      command: texts(),
      cwd: fullText(),
      /** PYTHONPATH that the program is started with; absent: the server's own. */
      pythonPath: v.exactOptional(text()),
    }),
  ),
  /** Where debug sessions connect. */
  dap: request<DapEndpoint>()(nothing),
};

export type RequestName = keyof typeof REQUESTS;
export type ParamsOf<N extends RequestName> = v.InferOutput<(typeof REQUESTS)[N]['params']>;
export type ResultOf<N extends RequestName> =
  (typeof REQUESTS)[N] extends RequestEntry<infer _P, infer R, boolean> ? R : never;
/** Those that the panel may ask. */
export type RelayedName = {
  [N in RequestName]: (typeof REQUESTS)[N]['relayed'] extends true ? N : never;
}[RequestName];

export const REQUEST_NAMES = Object.keys(REQUESTS) as readonly RequestName[];
export const RELAYED_NAMES = REQUEST_NAMES.filter((name): name is RelayedName => REQUESTS[name].relayed);

/** What a request is called on the wire. */
export function methodOf(name: RequestName): string {
  return `forkscope/${name}`;
}

export type MessagesParams = ParamsOf<'messages'>;
export type TimelineParams = ParamsOf<'timeline'>;
export type TasksParams = ParamsOf<'tasks'>;
export type PrepareParams = ParamsOf<'prepare'>;
export type ControlAction = (typeof CONTROL_ACTIONS)[number];
