import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { createConnection } from 'vscode-languageserver/node';
import { startLanguageServer } from '../../../server/lsp/server';
import type * as stream from '../../../server/protocol/stream';
import { ask } from '../../shared/ask';
import { FakeEngine } from '../fakes/engine';

/** A client and a server of one engine, connected by two pipes; `received` has every notification in order. */
function pair(engine: FakeEngine) {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const folderListeners = new Set<(session: { sessionId: string; folder: string }) => void>();
  let shutdowns = 0;
  const watched: string[] = [];
  startLanguageServer(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), engine, {
    dapEndpoint: async () => ({ path: '/somewhere/dap.sock' }),
    prepare: () => ({ folder: '/prepared', env: {}, runtime: '' }),
    loadParser: () => Promise.reject(new Error('There is no grammar here.')),
    ownsFolder: (folder) => folder.startsWith('/tmp/forkscope-'),
    watch: (folder) => void watched.push(folder),
    onSessionFolder: (listener) => {
      folderListeners.add(listener);
      return () => folderListeners.delete(listener);
    },
    shutdown: async () => {
      shutdowns += 1;
    },
  });
  const client = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const received: { method: string; params: unknown }[] = [];
  const waiters: { method: string; resolve: (params: unknown) => void }[] = [];
  client.onNotification((method, params) => {
    received.push({ method, params });
    const index = waiters.findIndex((waiter) => waiter.method === method);
    waiters.splice(index, index < 0 ? 0 : 1)[0]?.resolve(params);
  });
  client.listen();
  return {
    client,
    received,
    next: <T>(method: string) =>
      new Promise<T>((resolve) => waiters.push({ method, resolve: resolve as (params: unknown) => void })),
    startSession: (session: { sessionId: string; folder: string }) => {
      for (const listener of folderListeners) {
        listener(session);
      }
    },
    shutdowns: () => shutdowns,
    watched,
  };
}

describe('the language server', () => {
  let engine: FakeEngine;
  let server: ReturnType<typeof pair>;
  let client: MessageConnection;

  beforeEach(async () => {
    engine = new FakeEngine();
    engine.add('s1');
    server = pair(engine);
    client = server.client;
    await client.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {} });
  });
  afterEach(() => client.dispose());

  async function initialized(): Promise<stream.UpdateParams> {
    const first = server.next<stream.UpdateParams>('forkscope/update');
    await client.sendNotification('initialized', {});
    return first;
  }

  test('reports that it is ready, then starts the stream with everything', async () => {
    const first = await initialized();
    expect(server.received.map((each) => each.method)).toEqual(['forkscope/ready', 'forkscope/update']);
    expect(first.sessions).toMatchObject([{ id: 's1', full: true }]);
  });

  test('receives the muted codes, at the start and at every change', async () => {
    const other = pair(engine);
    await other.client.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      capabilities: {},
      initializationOptions: { mutedFindings: ['zombie', 7] },
    });
    expect(engine.muted).toEqual(['zombie']);
    await client.sendNotification('forkscope/muteFindings', { codes: ['deadlock', null] });
    await client.sendNotification('forkscope/muteFindings', { codes: 'all' });
    await client.sendNotification('forkscope/muteFindings', null);
    // Requests are answered in order: earlier messages have been handled.
    await client.sendRequest('forkscope/resync');
    expect(engine.muted).toEqual(['deadlock']);
    other.client.dispose();
  });

  test('relays updates unchanged', async () => {
    await initialized();
    const next = server.next<stream.UpdateParams>('forkscope/update');
    engine.sessions.get('s1')?.setProcess('p1', 42, 'running');
    expect(await next).toMatchObject({ version: 1, sessions: [{ id: 's1', full: false, processes: [{ pid: 42 }] }] });
  });

  test('reports the folder of a session started by a debug session', async () => {
    await initialized();
    const next = server.next('forkscope/sessionFolder');
    server.startSession({ sessionId: 's2', folder: '/tmp/x' });
    expect(await next).toEqual({ sessionId: 's2', folder: '/tmp/x' });
  });

  test('answers each request from the session it names', async () => {
    const filter = { channelId: 'c1', text: 'a', library: true };
    expect(await ask(client, 'messages', { sessionId: 's1', filter, offset: 3, limit: 1000 })).toMatchObject({
      total: 7,
    });
    expect(await ask(client, 'message', { sessionId: 's1', messageId: 0 })).toBeNull();
    expect(await ask(client, 'depthHistory', { sessionId: 's1', channelId: 'c1', points: 9 })).toHaveLength(1);
    expect(await ask(client, 'control', { sessionId: 's1', processId: 'p1', action: 'interrupt' })).toEqual({});
    expect(await ask(client, 'save', { sessionId: 's1', file: '/a/b.forkscope' })).toEqual({});
    expect(engine.sessions.get('s1')?.calls).toEqual([
      ['messages', filter, 3, 1000],
      ['message', 0],
      ['depthHistory', 'c1', 9],
      ['control', 'p1', 'interrupt'],
      ['save', '/a/b.forkscope'],
    ]);
    expect(await ask(client, 'dap')).toEqual({ path: '/somewhere/dap.sock' });
    expect(await ask(client, 'resync')).toMatchObject({ sessions: [{ id: 's1', full: true }] });
    expect(await ask(client, 'open', { path: '/tmp/left/s9' })).toEqual({ sessionId: 's9' });
    await ask(client, 'open', { path: '/tmp/forkscope-s8' });
    expect(server.watched).toEqual(['/tmp/forkscope-s8']);
  });

  test.each([
    ['messages', null, /params must be an object/],
    ['messages', { sessionId: 's1', filter: {}, offset: -1001, limit: 1 }, /offset must be a whole number/],
    [
      'messages',
      { sessionId: 's1', filter: {}, offset: 0, limit: 1001 },
      /limit must be a whole number from 1 to 1000/,
    ],
    ['messages', { sessionId: 's1', filter: {}, offset: 0.5, limit: 1 }, /offset/],
    ['messages', { sessionId: 's1', filter: [], offset: 0, limit: 1 }, /filter must be an object/],
    ['messages', { sessionId: 's1', filter: { text: 5 }, offset: 0, limit: 1 }, /filter\.text must be a text/],
    [
      'messages',
      { sessionId: 's1', filter: { library: 'yes' }, offset: 0, limit: 1 },
      /filter\.library must be true or/,
    ],
    ['message', { sessionId: 's1' }, /messageId/],
    ['message', { sessionId: '', messageId: 1 }, /sessionId/],
    ['depthHistory', { sessionId: 's1', channelId: 'c', points: 0 }, /points/],
    ['control', { sessionId: 's1', processId: 'p', action: 'hug' }, /action must be one of interrupt, terminate, kill/],
    ['open', { path: 7 }, /path/],
    ['close', {}, /sessionId/],
    ['save', { sessionId: 's1' }, /file/],
  ])('rejects %s with %j before it reaches the engine', async (method, params, sentence) => {
    const failure = client.sendRequest(`forkscope/${method}`, params);
    await expect(failure).rejects.toMatchObject({ code: -32602, message: expect.stringMatching(sentence) });
    expect(engine.sessions.get('s1')?.calls).toEqual([]);
  });

  test('an unknown session is an error with a sentence, or an empty result where possible', async () => {
    const unknown = { sessionId: 'nope', filter: {}, offset: 0, limit: 1 };
    await expect(ask(client, 'messages', unknown)).rejects.toMatchObject({
      code: -32803,
      message: 'The session nope is not open.',
    });
    expect(await ask(client, 'close', { sessionId: 'nope' })).toEqual({
      error: 'The session nope is not open.',
    });
  });

  test('an error of the engine reaches the client as its sentence', async () => {
    await expect(ask(client, 'open', { path: '/missing' })).rejects.toMatchObject({
      message: '/missing is neither a session folder nor a recording.',
    });
    expect(await ask(client, 'save', { sessionId: 's1', file: '/nowhere/x' })).toEqual({
      error: 'The folder does not exist.',
    });
  });

  test('closes an ended session, and deletes only a folder of ours', async () => {
    const own = engine.sessions.get('s1');
    own?.finish(0);
    engine.add('theirs', '/home/somebody/recording').finish(0);
    expect(await ask(client, 'close', { sessionId: 's1' })).toEqual({});
    expect(await ask(client, 'close', { sessionId: 'theirs' })).toEqual({});
    expect(engine.closed).toEqual([
      { id: 's1', deleteFolder: true },
      { id: 'theirs', deleteFolder: false },
    ]);
  });

  test('does not close a running session', async () => {
    const session = engine.sessions.get('s1');
    if (session !== undefined) {
      session.status = { ...session.status, state: 'running', counts: { ...session.status.counts, alive: 1 } };
    }
    expect((await ask(client, 'close', { sessionId: 's1' })).error).toMatch(/still runs/);
    expect(engine.closed).toEqual([]);
  });

  test('shutdown stops the stream and leaves the sessions alone', async () => {
    await initialized();
    await client.sendRequest('shutdown');
    expect(server.shutdowns()).toBe(1);
    expect(engine.listenerCount).toBe(0);
    expect(engine.closed).toEqual([]);
  });
});

test('sentences are in the language of the bundle passed by the client', async () => {
  const server = pair(new FakeEngine());
  await server.client.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    capabilities: {},
    initializationOptions: { l10nBundle: { 'The session {0} is not open.': '会话 {0} 未打开。' } },
  });
  await expect(ask(server.client, 'message', { sessionId: 'x', messageId: 0 })).rejects.toMatchObject({
    message: '会话 x 未打开。',
  });
  server.client.dispose();
});
