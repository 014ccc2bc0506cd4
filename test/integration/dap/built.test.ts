/** The real server and runtime, with a real Python. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ask } from '../../shared/ask';
import { BuiltServer, buildServer } from '../../shared/built';
import { SocketClient } from '../../shared/socketClient';
import { python } from './rig';

const folder = mkdtempSync(path.join(tmpdir(), 'fsbuilt-test-'));
const go = path.join(folder, 'go');
let built = '';
let server: BuiltServer;

beforeAll(async () => {
  built = await buildServer();
});
afterAll(() => {
  rmSync(built, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  rmSync(go, { force: true });
  for (const { sessionId } of server.folders) {
    await ask(server.client, 'close', { sessionId });
  }
  await server.stop();
});

function script(text: string): string {
  const file = path.join(folder, `program${Math.random()}.py`);
  writeFileSync(file, text);
  return file;
}

/** Two children that take one item each and wait for a signal to continue; the main process exits with 4. */
const family = `
import multiprocessing, os, sys, time

def work(queue):
    queue.get()
    while not os.path.exists(${JSON.stringify(go)}):
        time.sleep(0.01)

if __name__ == '__main__':
    tasks = multiprocessing.Queue()
    children = [multiprocessing.Process(target=work, args=(tasks,), name='worker-%d' % n) for n in (1, 2)]
    for child in children:
        child.start()
    for n in range(2):
        tasks.put(n)
    print('ready', flush=True)
    for child in children:
        child.join()
    print('x' * 200_000, flush=True)
    sys.exit(4)
`;

const bare = (name: string): string => name.replace(/ \(pid \d+\)$/, '');

async function names(client: SocketClient): Promise<string[]> {
  return (await client.threadsRequest()).body.threads.map((thread) => bare(thread.name)).sort();
}

test('processes are threads, the exit code is that of the main one, and the session is complete', async () => {
  server = await BuiltServer.start(built);
  const client = await SocketClient.connect(await server.socket());
  const program = script(family);
  await client.run({ program, python, console: 'internalConsole' });
  await expect.poll(() => names(client), { timeout: 5000 }).toEqual([path.basename(program), 'worker-1', 'worker-2']);
  writeFileSync(go, '');
  await client.event('terminated');
  expect((await client.event('exited')).body.exitCode).toBe(4);
  expect(client.output('stdout').length).toBeGreaterThan(200_000);
  const [session] = (await ask(server.client, 'resync')).sessions;
  expect(session).toMatchObject({
    status: { state: 'ended', exitCode: 4, counts: { alive: 0, messages: 2, matched: 2 } },
  });
  client.socket.destroy();
});

test('a program in a terminal behaves the same, and terminate ends all processes', async () => {
  server = await BuiltServer.start(built);
  const client = await SocketClient.connect(await server.socket());
  client.onTerminal = ({ args: [file = '', ...args], cwd, env = {} }) => {
    const whole: NodeJS.ProcessEnv = { ...process.env };
    for (const [name, value] of Object.entries(env)) {
      whole[name] = value ?? undefined;
    }
    spawn(file, args, { cwd, env: whole, stdio: 'ignore' });
  };
  const program = script(family);
  await client.run({ program, python, env: { PYTHONPATH: folder } }, { supportsRunInTerminalRequest: true });
  await expect.poll(() => names(client), { timeout: 5000 }).toEqual([path.basename(program), 'worker-1', 'worker-2']);
  await client.terminateRequest();
  await client.event('terminated');
  expect((await client.event('exited')).body.exitCode).toBe(process.platform === 'win32' ? 1 : 143);
  const [session] = (await ask(server.client, 'resync')).sessions;
  expect(session?.status?.counts.alive).toBe(0);
  client.socket.destroy();
});

test('a killed server does not affect the program, and the next server sees all of it', async () => {
  const first = await BuiltServer.start(built);
  server = first;
  const client = await SocketClient.connect(await first.socket());
  client.on('error', () => {});
  await client.run({ program: script(family), python, console: 'internalConsole' });
  await client.event('output', (event) => event.body.output.includes('ready'));
  const { folder: session = '', sessionId } = first.folders[0] ?? {};
  await first.kill();
  server = await BuiltServer.start(built);
  expect(await ask(server.client, 'open', { path: session })).toEqual({ sessionId });
  writeFileSync(go, '');
  const status = async () => (await ask(server.client, 'resync')).sessions[0]?.status;
  await expect.poll(async () => (await status())?.state, { timeout: 5000 }).toBe('ended');
  expect(await status()).toMatchObject({
    exitCode: 4,
    signal: null,
    counts: { processes: 3, messages: 2, matched: 2 },
  });
  expect(await ask(server.client, 'close', { sessionId: sessionId ?? '' })).toEqual({});
  expect(existsSync(session)).toBe(false);
});

test('an invalid interpreter and an invalid program are rejected with a sentence', async () => {
  server = await BuiltServer.start(built);
  const client = await SocketClient.connect(await server.socket());
  await expect(client.run({ program: script(''), python: path.join(folder, 'python') })).rejects.toThrow(
    /no Python interpreter/,
  );
  expect((await ask(server.client, 'resync')).sessions).toEqual([]);
  client.socket.destroy();
});
