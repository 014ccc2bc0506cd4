/** The promises of docs/security.md about the programs that ship, as built. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSessionFolder, sessionEnvironment } from '../../server/engine/session/folder';
import { nodeOptions } from '../../server/protocol/nodeOptions';
import { buildServer } from '../shared/built';
import { Workplace } from '../shared/workplace';
import { PYTHON, until } from './engine/session/programs';

const place = new Workplace();
let built = '';
beforeAll(async () => {
  built = await buildServer();
}, 60_000);
afterAll(() => {
  rmSync(built, { recursive: true, force: true });
  place.dispose();
});

/** Starts one of our programs in its own process group; the output of it and its children goes to `said`. */
function begin(args: readonly string[], env: NodeJS.ProcessEnv = process.env): { child: ChildProcess; said(): string } {
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (text += String(data)));
  return { child, said: () => text };
}
const message = (value: object) => {
  const text = JSON.stringify({ jsonrpc: '2.0', ...value });
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
};
/** Sends SIGUSR1 to its group as often as Node needs to open an inspector, and meanwhile reads the answers. */
async function signalled(child: ChildProcess, ask: (number: number) => void, answered: (number: number) => boolean) {
  for (let number = 2; number < 6; number++) {
    process.kill(-(child.pid as number), 'SIGUSR1');
    ask(number);
    await until('an answer', () => answered(number) || undefined);
  }
}

const GROUP = `
import os, signal, time
signal.signal(signal.SIGUSR1, lambda *_: None)
for n in range(20):
    os.killpg(0, signal.SIGUSR1)
    time.sleep(0.02)
print('done')
`;

test.runIf(process.platform !== 'win32')('a program that signals its process group opens no inspector', async () => {
  const script = place.write('group.py', GROUP);
  const { child, said } = begin([join(built, 'cli.js'), 'run', '--quiet', '--python', PYTHON, script]);
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(said()).toBe('done\n');
});

test.runIf(process.platform !== 'win32')('nor does one in a terminal, or in the debug console', async () => {
  const script = place.write('group.py', GROUP);
  for (const how of ['supervise', 'relay']) {
    const command = [PYTHON, script];
    const { folder } = createSessionFolder({ command, cwd: place.folder, python: PYTHON });
    const env = sessionEnvironment(folder, process.env);
    const { child, said } =
      how === 'relay'
        ? begin([join(built, 'server.js'), '--relay', folder, ...command], env)
        : begin([join(built, 'cli.js'), 'supervise', folder], env);
    expect(await once(child, 'close'), how).toEqual([0, null]);
    expect(said(), how).toBe('done\n');
    rmSync(folder, { recursive: true });
  }
});

test.runIf(process.platform !== 'win32').each([
  ['the debug adapter', 'dap', (seq: number) => ({ seq, type: 'request', command: 'threads' })],
  ['the language server', 'lsp', (id: number) => ({ id, method: 'nothing/known' })],
])('%s opens none either', async (_name, command, request) => {
  const { child, said } = begin([join(built, 'cli.js'), command]);
  const ask = (value: object) => child.stdin?.write(message(value));
  if (command === 'dap') ask({ seq: 1, type: 'request', command: 'initialize', arguments: { adapterID: 'forkscope' } });
  else ask({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });
  const answered = (number: number) =>
    new RegExp(`"(id|request_seq)":${number}[,}]`).test(said().replaceAll(/"id":\d+,"method"/g, ''));
  await until('it began', () => answered(1) || undefined);
  await signalled(child, (number) => ask(request(number)), answered);
  process.kill(-(child.pid as number), 'SIGTERM');
  await once(child, 'close');
  expect(said()).not.toMatch(/inspector|Debugger listening/i);
});

test('a Node with a switch against it is started with that switch', () => {
  expect(nodeOptions(new Set(['--inspect', '--disable-sigusr1']))).toEqual(['--disable-sigusr1']);
  expect(nodeOptions(new Set(['--inspect']))).toEqual([]);
});
