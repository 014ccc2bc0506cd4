import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { python, rig } from './rig';

const at = rig();

describe('ending a session', () => {
  const stubborn =
    'import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint("ready", flush=True)\ntime.sleep(60)\n';
  const patient = 'import time\nprint("ready", flush=True)\ntime.sleep(60)\n';

  test('terminate requests all processes to end', async () => {
    await at.client.run({ program: at.script(patient), python, console: 'internalConsole' });
    await at.see();
    await at.ready();
    await at.client.terminateRequest();
    await at.client.event('terminated');
    expect((await at.client.event('exited')).body.exitCode).toBe(143);
    expect(at.host.ended).toEqual([['s1', 'terminate']]);
  });

  test('a process that ignores the request is killed after the grace period', async () => {
    at.host.graceMs = 100;
    await at.client.run({ program: at.script(stubborn), python, console: 'internalConsole' });
    await at.see();
    await at.ready();
    await at.client.terminateRequest();
    await at.client.event('terminated');
    expect((await at.client.event('exited')).body.exitCode).toBe(137);
    expect(at.host.ended.map(([, how]) => how)).toEqual(['terminate', 'kill']);
  });

  test('a process that cannot be signalled is reported in the debug console', async () => {
    await at.client.run({ program: at.script(patient), python, console: 'internalConsole' });
    await at.see();
    await at.ready();
    at.host.refused = ['Nothing shows that it is evil\x1b[2J.'];
    await at.client.terminateRequest();
    const said = await at.client.event('output', (event) => event.body.category === 'console');
    expect(said.body.output).toBe('Nothing shows that it is evil\\x1b[2J.\n');
    await at.client.event('terminated');
  });

  test('a second terminate kills at once', async () => {
    at.host.graceMs = 60_000;
    await at.client.run({ program: at.script(stubborn), python, console: 'internalConsole' });
    await at.see();
    await at.ready();
    await at.client.terminateRequest();
    await at.client.terminateRequest();
    await at.client.event('terminated');
    expect((await at.client.event('exited')).body.exitCode).toBe(137);
  });

  test('a process that starts while the tree is being ended is requested to end too', async () => {
    at.host.graceMs = 60_000;
    await at.client.run({ program: at.script(stubborn), python, console: 'internalConsole' });
    await at.see();
    await at.ready();
    await at.client.terminateRequest();
    at.host.session('s1').setProcess('late', 4103, 'running', { origin: 'fork' });
    await at.client.event('thread', (event) => event.body.threadId === 2);
    expect(at.host.ended.map(([, how]) => how)).toEqual(['terminate', 'terminate']);
    at.host.session('s1').setProcess('late', 4103, 'exited', { exitCode: 0 });
    await at.client.terminateRequest();
    await at.client.event('terminated');
  });

  test('disconnect ends the program, unless it is to keep running', async () => {
    await at.client.run({ program: at.script(patient), python, console: 'internalConsole' });
    const pid = await at.see();
    await at.ready();
    await at.client.disconnectRequest({ terminateDebuggee: false });
    expect(() => process.kill(pid, 0)).not.toThrow();
    await at.reconnect();
    await at.client.run({ program: at.script(patient), python, console: 'internalConsole' });
    const second = await at.see('s2');
    await at.ready();
    await at.client.disconnectRequest({});
    expect(() => process.kill(second, 0)).toThrow();
    process.kill(pid, 'SIGKILL');
  });

  test('a program outlives the connection of its debug session', async () => {
    const mark = path.join(at.folder, 'mark');
    const program = at.script(
      'import sys, time, os\nprint("ready", flush=True)\n' +
        'while not os.path.exists(sys.argv[1] + ".go"): time.sleep(0.01)\n' +
        'sys.stdout.write("x" * 1_000_000)\nsys.stdout.flush()\nopen(sys.argv[1], "w").close()\n',
    );
    await at.client.run({ program, python, args: [mark], console: 'internalConsole' });
    await at.see();
    await at.ready();
    at.client.socket.destroy();
    writeFileSync(`${mark}.go`, '');
    await expect.poll(() => existsSync(mark), { timeout: 5000 }).toBe(true);
    await expect.poll(() => at.host.ends.length).toBe(1);
  });

  test('restart ends the program and starts the next in the same debug session', async () => {
    await at.client.run({ program: at.script(patient), python, console: 'internalConsole' });
    await at.see();
    await at.ready();
    const next = at.script('print("second")\n');
    await at.client.restartRequest({ arguments: { program: next, python, console: 'internalConsole' } } as object);
    await at.client.event('terminated');
    expect(at.client.output('stdout')).toContain('second');
    expect(at.client.names().filter((name) => name === 'terminated')).toHaveLength(1);
    expect(at.client.events.filter((event) => event.event === 'exited').map((event) => event.body.exitCode)).toEqual([
      0,
    ]);
    expect(at.client.events.filter((event) => event.event === 'forkscope/session').map((event) => event.body)).toEqual([
      { sessionId: 's1' },
      { sessionId: 's2' },
    ]);
    expect((await at.client.customRequest('forkscope/session')).body).toEqual({ sessionId: 's2' });
  });

  test('a restart with an invalid configuration changes nothing', async () => {
    await at.client.run({ program: at.script(patient), python, console: 'internalConsole' });
    await at.see();
    await expect(at.client.restartRequest({ arguments: { program: '/no/such.py' } } as object)).rejects.toThrow(
      /does not exist/,
    );
    expect(at.host.ended).toEqual([]);
    await at.client.terminateRequest();
    await at.client.event('terminated');
  });
});
