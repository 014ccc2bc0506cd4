import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { createConnection } from 'vscode-languageserver/node';
import { serve } from '../../server/compose';
import { SessionFolder } from '../../server/protocol/stream';
import { ask } from '../shared/ask';
import { SocketClient } from '../shared/socketClient';
import { Host } from './fakes/host';

test('a debug session goes through the socket revealed by the language server, and its folder is reported', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'forkscope-compose-test-'));
  const host = new Host(folder);
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  serve({
    connection: createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)),
    engine: host.engine,
    launcher: host.launcher,
    ownsFolder: () => true,
    watch: () => {},
    prepare: () => ({ folder: '', env: {}, runtime: '' }),
    loadParser: () => Promise.reject(new Error('There is no grammar here.')),
  });
  const client = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const received = new Promise((resolve) => client.onNotification(SessionFolder, resolve));
  client.listen();
  await client.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {} });
  await client.sendNotification('initialized', {});

  const { path: socket } = await ask(client, 'dap');
  expect(await ask(client, 'dap')).toEqual({ path: socket });
  const debug = await SocketClient.connect(socket);
  const program = path.join(folder, 'program.py');
  writeFileSync(program, '');
  await debug.run({ program }, { supportsRunInTerminalRequest: true });
  expect(await received).toEqual({ sessionId: 's1', folder: path.join(folder, 's1') });
  expect((await debug.customRequest('forkscope/session')).body).toEqual({ sessionId: 's1' });

  await client.sendRequest('shutdown');
  expect(host.engine.disposed).toBe(true);
  expect(host.ended).toEqual([]);
  if (process.platform !== 'win32') {
    expect(existsSync(socket)).toBe(false);
  }
  client.dispose();
  debug.socket.destroy();
  rmSync(folder, { recursive: true, force: true });
});
