/** An uncaught error ends no process that others depend on: each built program, with errors injected. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  LogMessageNotification,
} from 'vscode-languageserver/node';
import { createSessionFolder } from '../../server/engine/session/folder';
import { ask } from '../shared/ask';
import { buildServer } from '../shared/built';
import { SocketClient } from '../shared/socketClient';

const python = 'python3';
let built = '';
let folder = '';
beforeAll(async () => {
  built = await buildServer();
  folder = mkdtempSync(path.join(tmpdir(), 'forkscope-survive-'));
});
afterAll(() => {
  for (const each of [built, folder]) rmSync(each, { recursive: true, force: true });
});

/**
 * A module for `--require`: raises errors of both kinds, each twice, once the file `go` exists; then creates the file
 * `done`.
 */
function planted(name: string): { module: string; go: () => void; done: string } {
  const at = path.join(folder, name);
  writeFileSync(
    `${at}.cjs`,
    `const { existsSync, writeFileSync } = require('node:fs');
const fail = () => { throw new Error('planted exception'); };
const timer = setInterval(() => {
  if (!existsSync(${JSON.stringify(`${at}.go`)})) return;
  clearInterval(timer);
  for (let n = 0; n < 2; n++) {
    setTimeout(fail, 1);
    Promise.reject(new Error('planted rejection ' + n));
  }
  setTimeout(() => writeFileSync(${JSON.stringify(`${at}.done`)}, ''), 50);
}, 10);
timer.unref();
`,
  );
  return { module: `${at}.cjs`, go: () => writeFileSync(`${at}.go`, ''), done: `${at}.done` };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** The report of all injected errors, in any order. */
function expectReports(text: string): void {
  expect(text.match(/goes on: Error: planted exception/g)?.length).toBe(1);
  for (const n of [0, 1]) expect(text.match(new RegExp(`goes on: Error: planted rejection ${n}`, 'g'))?.length).toBe(1);
}

test('the language server and its debug sessions continue, and their users are informed', async () => {
  const { module, go, done } = planted('server');
  const child = fork(path.join(built, 'server.js'), ['--node-ipc'], {
    execArgv: ['--require', module],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const client = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  let log = '';
  client.onNotification(LogMessageNotification.type, ({ message }) => {
    log += `${message}\n`;
  });
  client.listen();
  await client.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  const debug = await SocketClient.connect((await ask(client, 'dap')).path);
  await debug.initializeRequest();
  go();
  await until(() => existsSync(done));
  await ask(client, 'dap');
  await debug.event('output', ({ body }) => body.output.includes('rejection 1'));
  await debug.event('output', ({ body }) => body.output.includes('exception'));
  expectReports(log);
  expectReports(debug.output('console'));
  expect((await debug.threadsRequest()).body.threads).toEqual([]);
  const ended = once(child, 'exit');
  await client.sendRequest('shutdown');
  await client.sendNotification('exit');
  expect(await ended).toEqual([0, null]);
  client.dispose();
});

test('`forkscope dap` continues, and reports it in the debug console and on standard error', async () => {
  const { module, go, done } = planted('dap');
  const child = spawn(process.execPath, ['--require', module, path.join(built, 'cli.js'), 'dap']);
  let [said, errors] = ['', ''];
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ask = (seq: number, command: string): void => {
    const text = JSON.stringify({ seq, type: 'request', command, arguments: { adapterID: 'x' } });
    child.stdin.write(`Content-Length: ${text.length}\r\n\r\n${text}`);
  };
  ask(1, 'initialize');
  await until(() => said.includes('"request_seq":1'));
  go();
  await until(() => existsSync(done));
  ask(2, 'threads');
  await until(() => said.includes('"request_seq":2'));
  expectReports(errors);
  expectReports(said);
  const ended = once(child, 'exit');
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
});

test('the relay continues: the program’s output and its end come through', async () => {
  const { module, go, done } = planted('relay');
  const session = createSessionFolder({ command: [python], cwd: folder, python }).folder;
  const program = `import os, sys, time
print("begun", flush=True)
while not os.path.exists(sys.argv[1]): time.sleep(0.01)
print("ended", flush=True)
sys.exit(3)`;
  const child = fork(path.join(built, 'server.js'), ['--relay', session, python, '-c', program, done], {
    execArgv: ['--require', module],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const messages: { type: string; message?: string; exitCode?: number }[] = [];
  child.on('message', (message) => messages.push(message as never));
  let [said, errors] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  await until(() => said.includes('begun'));
  go();
  await once(child, 'close');
  expect([said.replaceAll('\r', ''), errors]).toEqual(['begun\nended\n', '']);
  expectReports(messages.map((each) => (each.type === 'trouble' ? each.message : '')).join('\n'));
  expect(messages.at(-1)).toMatchObject({ type: 'exited', exitCode: 3 });
  rmSync(session, { recursive: true, force: true });
});

test('`forkscope run` waits for its program, and exits with its exit code', async () => {
  const { module, go, done } = planted('run');
  const program = path.join(folder, 'program.py');
  writeFileSync(
    program,
    `import os, sys, time\nwhile not os.path.exists(${JSON.stringify(done)}): time.sleep(0.01)\nsys.exit(5)\n`,
  );
  const args = ['--require', module, path.join(built, 'cli.js'), 'run', '--quiet', '--python', python, program];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  go();
  expect(await once(child, 'close')).toEqual([5, null]);
  expectReports(errors);
});

test('a failed start still ends the process', async () => {
  // Neither --stdio nor --node-ipc: there is no transport.
  const child = spawn(process.execPath, [path.join(built, 'server.js')], { stdio: ['ignore', 'ignore', 'ignore'] });
  expect((await once(child, 'exit'))[0]).not.toBe(0);
});
