/** The built `forkscope lsp`, driven over its standard input and output as by any editor. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { EditorClient } from '../../unit/lsp/language/client';

const cli = join(import.meta.dirname, '../../../dist/cli.js');
const FAULT =
  'from multiprocessing import Pool\n\n\ndef work(numbers):\n    with Pool() as pool:\n        pool.map_async(abs, numbers)\n';

test.each([[['lsp']], [['lsp', '--stdio']]])('forkscope %j finds faults, and exits with its client', async (args) => {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const editor = new EditorClient(connection);
  connection.listen();
  await editor.start({});
  const uri = 'file:///tmp/work.py';
  await editor.open(uri, FAULT);
  await expect.poll(() => editor.diagnostics.get(uri)?.length, { timeout: 20_000 }).toBe(1);
  expect(editor.diagnostics.get(uri)?.[0]).toMatchObject({ code: 'lost-exception', range: { start: { line: 5 } } });
  const ended = once(child, 'exit');
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  expect(await ended).toEqual([0, null]);
  connection.dispose();
});
