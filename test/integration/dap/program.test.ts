import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { python, rig } from './rig';

const at = rig();

test.skipIf(process.platform === 'win32')('the socket can be reached by its owner only, and goes away', async () => {
  const where = await at.listener.path();
  expect(statSync(path.dirname(where)).mode & 0o777).toBe(0o700);
  expect(await at.listener.path()).toBe(where);
  at.listener.dispose();
  expect(existsSync(path.dirname(where))).toBe(false);
});

describe('a program in the internal console', () => {
  test('runs with its arguments, environment and folder, and its end is reported', async () => {
    const program = at.script(
      'import os, sys\nprint(sys.argv[1:], os.environ["COLOUR"], os.environ.get("HOME"), os.getcwd())\n' +
        'print("trouble", file=sys.stderr)\nsys.exit(3)\n',
    );
    const cwd = path.join(at.folder, 'elsewhere');
    mkdirSync(cwd, { recursive: true });
    await at.client.run({
      program,
      python,
      args: ['a b', 'ü'],
      cwd,
      env: { COLOUR: 'red', HOME: null },
      console: 'internalConsole',
    });
    await at.client.event('terminated');
    expect(at.client.output('stdout').trim()).toBe(`['a b', 'ü'] red None ${cwd}`);
    expect(at.client.output('stderr').trim()).toBe('trouble');
    expect((await at.client.event('exited')).body.exitCode).toBe(3);
    expect(at.host.ends).toMatchObject([{ exitCode: 3, signal: null, pid: expect.any(Number) }]);
    expect(at.host.started).toEqual([{ sessionId: 's1', folder: path.join(at.host.folder, 's1') }]);
    const names = at.client.names();
    expect(names.indexOf('process')).toBeGreaterThan(-1);
    expect(names.indexOf('exited')).toBeLessThan(names.indexOf('terminated'));
    expect(names.lastIndexOf('output')).toBeLessThan(names.indexOf('terminated'));
  });

  test('a module runs as under python -m', async () => {
    writeFileSync(path.join(at.folder, 'mymodule.py'), 'print(__name__, __spec__.name)\n');
    await at.client.run({ module: 'mymodule', python, cwd: at.folder, console: 'internalConsole' });
    await at.client.event('terminated');
    expect(at.client.output('stdout').trim()).toBe('__main__ mymodule');
  });

  test('its exit code is the one a shell shows after a signal', async () => {
    const program = at.script('import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n');
    await at.client.run({ program, python, console: 'internalConsole' });
    expect((await at.client.event('exited')).body.exitCode).toBe(137);
    expect(at.host.ends).toMatchObject([{ exitCode: null, signal: 'SIGKILL' }]);
  });

  test('a syntax error is printed as by Python', async () => {
    await at.client.run({ program: at.script('def f(:\n'), python, console: 'internalConsole' });
    await at.client.event('terminated');
    expect(at.client.output('stderr')).toMatch(/SyntaxError/);
    expect((await at.client.event('exited')).body.exitCode).toBe(1);
  });

  test('10 MB of output arrive intact, characters on chunk boundaries too, in large events', async () => {
    const program = at.script(
      'import sys\nline = "ä€😀" * 30 + "\\n"\nn = 10_000_000 // len(line.encode())\n' +
        'for i in range(n // 50):\n    sys.stdout.buffer.write((line * 50).encode())\n',
    );
    await at.client.run({ program, python, console: 'internalConsole' });
    await at.client.event('terminated');
    const text = at.client.output('stdout');
    expect(text).not.toContain('\uFFFD');
    expect(Buffer.byteLength(text)).toBeGreaterThan(9_900_000);
    expect(text.replaceAll('ä€😀', '').replaceAll('\n', '')).toBe('');
    expect(at.client.names().filter((name) => name === 'output').length).toBeLessThan(2000);
  });

  test('a program that reads its input sees EOF', async () => {
    await at.client.run({ program: at.script('input()\n'), python, console: 'internalConsole' });
    await at.client.event('terminated');
    expect(at.client.output('stderr')).toMatch(/EOFError/);
  });

  test('the debug session waits for the children of an ended main process', async () => {
    at.host.onMainEnd = (session) => session.setProcess('s1-main', 1, 'exited', { exitCode: 0 });
    const go = path.join(at.folder, 'go');
    const program = at.script(
      `import os, time\nprint("ready")\nwhile not os.path.exists(${JSON.stringify(go)}): time.sleep(0.01)\n`,
    );
    await at.client.run({ program, python, console: 'internalConsole' });
    await at.ready();
    const session = at.host.session('s1');
    session.setProcess('s1-main', 1, 'running');
    session.setProcess('child', 2, 'running', { name: 'Process-1', origin: 'process' });
    writeFileSync(go, '');
    expect((await at.client.event('exited')).body.exitCode).toBe(0);
    expect((await at.client.threadsRequest()).body.threads).toEqual([{ id: 2, name: 'Process-1 (pid 2)' }]);
    expect(at.client.names()).not.toContain('terminated');
    session.setProcess('child', 2, 'exited', { exitCode: 0 });
    await at.client.event('terminated');
  });
});

describe('threads', () => {
  test('are the live processes', async () => {
    await at.client.run({
      program: at.script('input = __import__("time").sleep(60)\n'),
      python,
      console: 'internalConsole',
    });
    const pid = await at.see();
    const session = at.host.session('s1');
    await at.client.event('thread', (event) => event.body.reason === 'started' && event.body.threadId === 1);
    session.setProcess('w1', 4102, 'waiting', { name: 'worker 1', origin: 'process' });
    await at.client.event('thread', (event) => event.body.reason === 'started' && event.body.threadId === 2);
    expect((await at.client.threadsRequest()).body.threads).toEqual([
      { id: 1, name: `MainProcess (pid ${pid})` },
      { id: 2, name: 'worker 1 (pid 4102)' },
    ]);
    session.setProcess('w1', 4102, 'killed', { signal: 'SIGKILL' });
    await at.client.event('thread', (event) => event.body.reason === 'exited' && event.body.threadId === 2);
    expect((await at.client.threadsRequest()).body.threads).toHaveLength(1);
    await at.client.terminateRequest();
    await at.client.event('terminated');
    await at.client.event('thread', (event) => event.body.reason === 'exited' && event.body.threadId === 1);
  });
});
