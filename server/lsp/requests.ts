/** The project's own requests, each answered from the engine. */
import * as l10n from '@vscode/l10n';
import { type Connection, ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import { errorText, log } from '../engine/log/log';
import type { Engine, SessionHandle } from '../engine/session/types';
import { check } from '../protocol/check';
import {
  methodOf,
  type ParamsOf,
  type PrepareParams,
  REQUEST_NAMES,
  REQUESTS,
  type RequestName,
  type ResultOf,
} from '../protocol/requests';
import type { DapEndpoint, PreparedSession, UpdateParams } from '../protocol/stream';
import type { SessionId } from '../protocol/views';

/** What the requests need beside the engine; handed in by who composes the server. */
export interface RequestHost {
  /** Where debug sessions connect; opened when it is first asked for. */
  dapEndpoint(): Promise<DapEndpoint>;
  /** Makes the session folder of a program that another debugger starts. */
  prepare(params: PrepareParams): PreparedSession;
  /** True for a folder that Forkscope made for a session in its temporary place, and so may delete. */
  ownsFolder(folder: string): boolean;
  /** Notes in a session folder that this client shows it: its program is ended when nobody does any more. */
  watch(folder: string): void;
}

function sentence(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}

/** A handler for each request of the table: without one this does not compile. */
type Handlers = { readonly [N in RequestName]: (params: ParamsOf<N>) => ResultOf<N> | Promise<ResultOf<N>> };

/** Parameters as the table has them. @throws ResponseError InvalidParams */
function checked<N extends RequestName>(name: N, params: unknown): ParamsOf<N> {
  const found = check<unknown>(REQUESTS[name].params, params, 'params');
  if (found.ok) return found.value as ParamsOf<N>;
  throw new ResponseError(
    ErrorCodes.InvalidParams,
    l10n.t('The request {0} is not valid: {1}', methodOf(name), found.sentence),
  );
}

/** For requests whose result has room for a sentence: what could not be done is an answer, not a failure. */
async function outcome(work: () => Promise<void> | { error?: string }): Promise<{ error?: string }> {
  try {
    return (await work()) ?? {};
  } catch (error) {
    return { error: sentence(error) };
  }
}

/** What the server itself adds: everything again, for all who follow. */
interface Resyncing {
  resync(): UpdateParams;
}

function handlersOf(engine: Engine, host: RequestHost & Resyncing): Handlers {
  function session(id: SessionId): SessionHandle {
    const handle = engine.sessions.get(id);
    if (handle === undefined) {
      throw new Error(l10n.t('The session {0} is not open.', id));
    }
    return handle;
  }
  return {
    resync: () => host.resync(),
    dap: () => host.dapEndpoint(),
    messages: ({ sessionId, filter, offset, limit }) => session(sessionId).messages(filter, offset, limit),
    message: ({ sessionId, messageId }) => session(sessionId).message(messageId),
    tasks: ({ sessionId, ...rest }) => session(sessionId).tasks(rest),
    task: ({ sessionId, taskId }) => session(sessionId).task(taskId),
    moment: ({ sessionId, atMs }) => session(sessionId).moment(atMs),
    timeline: ({ sessionId, ...rest }) => session(sessionId).timeline(rest),
    depthHistory: ({ sessionId, channelId, points }) => session(sessionId).depthHistory(channelId, points),
    control: ({ sessionId, processId, action }) => outcome(() => session(sessionId).control(processId, action)),
    prepare: (wanted) => host.prepare(wanted),
    open: async ({ path }) => {
      const { id } = await engine.open(path);
      if (host.ownsFolder(path)) host.watch(path);
      return { sessionId: id };
    },
    close: ({ sessionId }) =>
      outcome(async () => {
        const handle = session(sessionId);
        const alive = handle.snapshot().status?.counts.alive ?? 0;
        if (!handle.finished && alive > 0) {
          throw new Error(l10n.t('The session still runs. Stop it first, then close it.'));
        }
        await engine.close(sessionId, { deleteFolder: host.ownsFolder(handle.folder) });
      }),
    save: ({ sessionId, file }) => outcome(() => session(sessionId).save(file)),
  };
}

/** Registers the handlers of `requests.ts`. Wrong parameters and failures answer with a ResponseError, never with a crash. */
export function registerRequests(connection: Connection, engine: Engine, host: RequestHost & Resyncing): void {
  const handlers = handlersOf(engine, host);
  const serve = <N extends RequestName>(name: N): void => {
    connection.onRequest(methodOf(name), async (raw: unknown): Promise<unknown> => {
      const params = checked(name, raw);
      try {
        return await handlers[name](params);
      } catch (error) {
        // The client gets its sentence; where it was raised is of use here only.
        log.note('error', () => `${methodOf(name)}: ${errorText(error, true)}`);
        throw error instanceof ResponseError ? error : new ResponseError(LSPErrorCodes.RequestFailed, sentence(error));
      }
    });
  };
  REQUEST_NAMES.forEach(serve);
}
