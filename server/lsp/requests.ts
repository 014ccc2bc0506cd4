/** The project's own requests, each answered from the engine. */
import * as l10n from '@vscode/l10n';
import {
  type CancellationToken,
  type Connection,
  ErrorCodes,
  LSPErrorCodes,
  type RequestType,
  ResponseError,
} from 'vscode-languageserver/node';
import { errorText, log } from '../engine/log/log';
import type { Engine, SessionHandle } from '../engine/session/types';
import {
  Close,
  Control,
  Dap,
  type DapEndpoint,
  DepthHistory,
  Message,
  Messages,
  Open,
  Prepare,
  type PreparedSession,
  type PrepareParams,
  Resync,
  Save,
  Task,
  Tasks,
  type UpdateParams,
} from '../protocol/stream';
import type { SessionId } from '../protocol/views';
import * as params from './params';

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

/** What the client gets for an exception: the sentence, and a code that says whose fault it was. */
function toResponseError(method: string, error: unknown): ResponseError<void> {
  if (error instanceof ResponseError) {
    return error;
  }
  if (error instanceof params.InvalidParams) {
    return new ResponseError(
      ErrorCodes.InvalidParams,
      l10n.t('The request {0} is not valid: {1}', method, error.message),
    );
  }
  return new ResponseError(LSPErrorCodes.RequestFailed, sentence(error));
}

/** What the server itself adds: everything again, for all who follow. */
interface Resyncing {
  resync(): UpdateParams;
}

/** Registers the handlers of `stream.ts`. Wrong parameters and failures answer with a ResponseError, never with a crash. */
export function registerRequests(connection: Connection, engine: Engine, host: RequestHost & Resyncing): void {
  function session(id: SessionId): SessionHandle {
    const handle = engine.sessions.get(id);
    if (handle === undefined) {
      throw new Error(l10n.t('The session {0} is not open.', id));
    }
    return handle;
  }

  function on<P, R>(
    type: RequestType<P, R, void>,
    check: (value: unknown) => P,
    answer: (checked: P, token: CancellationToken) => R | Promise<R>,
  ): void {
    // By method name: the typed overload makes the result a conditional type, which our own type parameter cannot meet.
    connection.onRequest(type.method, async (raw: unknown, token: CancellationToken): Promise<unknown> => {
      try {
        return await answer(check(raw), token);
      } catch (error) {
        // The client gets its sentence; where it was raised is of use here only.
        if (!(error instanceof params.InvalidParams))
          log.note('error', () => `${type.method}: ${errorText(error, true)}`);
        throw toResponseError(type.method, error);
      }
    });
  }

  /** For requests whose result has room for a sentence: what could not be done is an answer, not a failure. */
  async function outcome(work: () => Promise<void> | { error?: string }): Promise<{ error?: string }> {
    try {
      return (await work()) ?? {};
    } catch (error) {
      return { error: sentence(error) };
    }
  }

  connection.onRequest(Resync, () => {
    try {
      return host.resync();
    } catch (error) {
      throw toResponseError(Resync.method, error);
    }
  });
  connection.onRequest(Dap, async () => {
    try {
      return await host.dapEndpoint();
    } catch (error) {
      throw toResponseError(Dap.method, error);
    }
  });
  on(Messages, params.messagesParams, ({ sessionId, filter, offset, limit }) =>
    session(sessionId).messages(filter, offset, limit),
  );
  on(Message, params.messageParams, ({ sessionId, messageId }) => session(sessionId).message(messageId));
  on(Tasks, params.tasksParams, ({ sessionId, ...rest }) => session(sessionId).tasks(rest));
  on(Task, params.taskParams, ({ sessionId, taskId }) => session(sessionId).task(taskId));
  on(DepthHistory, params.depthHistoryParams, ({ sessionId, channelId, points }) =>
    session(sessionId).depthHistory(channelId, points),
  );
  on(Control, params.controlParams, ({ sessionId, processId, action }) =>
    outcome(() => session(sessionId).control(processId, action)),
  );
  on(Prepare, params.prepareParams, (wanted) => host.prepare(wanted));
  on(Open, params.openParams, async ({ path }) => {
    const { id } = await engine.open(path);
    if (host.ownsFolder(path)) host.watch(path);
    return { sessionId: id };
  });
  on(Close, params.sessionParams, ({ sessionId }) =>
    outcome(async () => {
      const handle = session(sessionId);
      const alive = handle.snapshot().status?.counts.alive ?? 0;
      if (!handle.finished && alive > 0) {
        throw new Error(l10n.t('The session still runs. Stop it first, then close it.'));
      }
      await engine.close(sessionId, { deleteFolder: host.ownsFolder(handle.folder) });
    }),
  );
  on(Save, params.saveParams, ({ sessionId, file }) => outcome(() => session(sessionId).save(file)));
}
