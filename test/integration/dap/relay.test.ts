import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { RelayMessage } from '../../../server/dap/relay';
import { relayModule } from './relayModule';
import { python } from './rig';

const folder = mkdtempSync(path.join(tmpdir(), 'forkscope-relay-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Python that waits until a test lets it continue. */
function untilGo(name: string): string {
  return `import os, sys, time\nprint("ready", flush=True)\nwhile not os.path.exists(${JSON.stringify(go(name))}): time.sleep(0.01)\n`;
}
const go = (name: string): string => path.join(folder, `${name}.go`);

function start(name: string, code: string): { relay: ChildProcess; endFile: string; messages: RelayMessage[] } {
  const endFile = path.join(folder, `${name}.end`);
  const relay = spawn(process.execPath, [relayModule(), endFile, python, '-c', code], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const messages: RelayMessage[] = [];
  relay.on('message', (message) => messages.push(message as RelayMessage));
  return { relay, endFile, messages };
}

test('a program that prints survives the server, and its end is recorded', async () => {
  const mark = path.join(folder, 'printed');
  const { relay, endFile, messages } = start(
    'survivor',
    `${untilGo('survivor')}sys.stdout.write("x" * 1_000_000); sys.stdout.flush(); sys.stderr.write("y" * 1_000_000)\nopen(${JSON.stringify(mark)}, "w").close()\nsys.exit(7)`,
  );
  await once(relay.stdout as NodeJS.ReadableStream, 'data');
  // What the relay sees of the server's end: no reader, and a closed channel.
  relay.stdout?.destroy();
  relay.stderr?.destroy();
  relay.disconnect();
  writeFileSync(go('survivor'), '');
  await once(relay, 'exit');
  expect(messages).toMatchObject([{ type: 'started' }]);
  expect(existsSync(mark)).toBe(true);
  expect(JSON.parse(readFileSync(endFile, 'utf8'))).toMatchObject({ exitCode: 7, signal: null });
});

test.skipIf(process.platform === 'win32')('signals that are not meant for the program do not end it', async () => {
  const { relay, endFile } = start('signals', untilGo('signals'));
  await once(relay.stdout as NodeJS.ReadableStream, 'data');
  relay.kill('SIGTERM');
  relay.kill('SIGHUP');
  writeFileSync(go('signals'), '');
  expect(await once(relay, 'exit')).toEqual([0, null]);
  expect(JSON.parse(readFileSync(endFile, 'utf8'))).toMatchObject({ exitCode: 0 });
});

test.skipIf(process.platform === 'win32')('signals of the program to its own group do not end it', async () => {
  const all = [
    'USR1',
    'USR2',
    'ALRM',
    'VTALRM',
    'PROF',
    'HUP',
    'INT',
    'QUIT',
    'TERM',
    'TSTP',
    'TTIN',
    'TTOU',
    'XCPU',
    'SYS',
  ];
  const code = `import os, signal
for name in ${JSON.stringify(all)}:
    number = getattr(signal, "SIG" + name)
    signal.signal(number, signal.SIG_IGN)
    os.killpg(os.getpgrp(), number)
print("lives", flush=True)
`;
  const { relay, endFile } = start('group', code);
  let said = '';
  relay.stdout?.on('data', (text) => {
    said += text;
  });
  expect(await once(relay, 'close')).toEqual([0, null]);
  expect(said).toBe('lives\n');
  expect(JSON.parse(readFileSync(endFile, 'utf8'))).toMatchObject({ exitCode: 0 });
});

/** Main process and child; both answer a request to end with a line in a file and stay alive. */
const STUBBORN = `import os, signal, sys, time
open(${JSON.stringify(path.join(folder, 'main.pid'))}, "w").write(str(os.getpid()))
child = os.fork()
name = "main" if child else "child"
def asked(number, frame): open(os.path.join(${JSON.stringify(folder)}, name + ".asked"), "w").close()
signal.signal(signal.SIGTERM, asked)
if child: open(${JSON.stringify(path.join(folder, 'child.pid'))}, "w").write(str(child))
print("ready", flush=True)
while True: time.sleep(0.01)
`;

test.skipIf(process.platform === 'win32')(
  'a session without a viewer is requested to end, then killed, completely',
  async () => {
    const { relay, endFile } = start('closed', STUBBORN);
    let ready = '';
    relay.stdout?.on('data', (text) => {
      ready += text;
    });
    while (ready.split('ready').length < 3) await once(relay.stdout as NodeJS.ReadableStream, 'data');
    writeFileSync(`${endFile}.closed`, '');
    relay.disconnect();
    expect(await once(relay, 'exit')).toEqual([null, 'SIGKILL']);
    expect(JSON.parse(readFileSync(endFile, 'utf8'))).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    for (const name of ['main', 'child']) {
      expect(existsSync(path.join(folder, `${name}.asked`))).toBe(true);
      const pid = Number(readFileSync(path.join(folder, `${name}.pid`), 'utf8'));
      // All were killed at once, but one may be seen to end before another.
      await vi.waitUntil(() => !running(pid), 10_000);
    }
  },
);

function running(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('a program that cannot be started is reported, but not recorded', async () => {
  const endFile = path.join(folder, 'none.end');
  const relay = spawn(process.execPath, [relayModule(), endFile, path.join(folder, 'no-python')], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [message] = await once(relay, 'message');
  expect(message).toMatchObject({ type: 'failed', message: expect.stringContaining('ENOENT') });
  await once(relay, 'exit');
  expect(existsSync(endFile)).toBe(false);
});
