import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { python, rig } from './rig';

const at = rig();

describe('a program in a terminal', () => {
  const capable = { supportsRunInTerminalRequest: true };

  test.each([
    ['integratedTerminal', 'integrated'],
    ['externalTerminal', 'external'],
  ])('%s asks the editor for one', async (console, kind) => {
    const program = at.script('');
    await at.client.run({ program, python, console, name: 'my run' }, capable);
    expect(at.client.terminals).toEqual([
      {
        kind,
        title: 'my run',
        cwd: at.folder,
        args: ['node', 'cli.js', 'supervise', path.join(at.host.folder, 's1')],
        env: { SOME: 'thing' },
      },
    ]);
    const session = at.host.session('s1');
    session.setProcess('m', 77, 'running', { origin: 'main' });
    expect((await at.client.event('process')).body).toMatchObject({ systemProcessId: 77, startMethod: 'launch' });
    session.setProcess('m', 77, 'exited');
    session.finish(null, 'SIGTERM');
    expect((await at.client.event('exited')).body.exitCode).toBe(143);
    await at.client.event('terminated');
    expect(at.host.ends).toEqual([]);
  });

  test("the end reported by the main process's parent is used, even if it arrives later", async () => {
    at.host.patienceMs = 60_000;
    await at.client.run({ program: at.script(''), python }, capable);
    const session = at.host.session('s1');
    session.setProcess('m', 77, 'running', { origin: 'main' });
    session.setProcess('m', 77, 'lost');
    session.setProcess('child', 78, 'running', { origin: 'fork' });
    await at.client.event('thread', (event) => event.body.reason === 'started' && event.body.threadId === 2);
    expect(at.client.names()).not.toContain('exited');
    session.setStatus({ exitCode: 5 });
    expect((await at.client.event('exited')).body.exitCode).toBe(5);
    session.setProcess('child', 78, 'exited');
    await at.client.event('terminated');
  });

  test('the debug session ends even if the exit status is unknown', async () => {
    at.host.patienceMs = 20;
    await at.client.run({ program: at.script(''), python }, capable);
    const session = at.host.session('s1');
    session.setProcess('m', 77, 'running', { origin: 'main' });
    session.setProcess('m', 77, 'killed', { signal: 'SIGHUP' });
    expect((await at.client.event('exited')).body.exitCode).toBe(129);
    await at.client.event('terminated');
  });

  test('a client without terminals gets the output instead', async () => {
    await at.client.run({ program: at.script('print("hello")\n'), python });
    await at.client.event('terminated');
    expect(at.client.output('stdout').trim()).toBe('hello');
  });

  test('a terminal that cannot be opened is an error, and leaves no session', async () => {
    at.client.onTerminal = () => {
      throw new Error('no shell');
    };
    await expect(at.client.run({ program: at.script(''), python }, capable)).rejects.toThrow(/terminal .* no shell/);
    expect(at.host.engine.closed).toEqual([{ id: 's1', deleteFolder: true }]);
  });

  test('it can be stopped before the program was detected', async () => {
    at.host.graceMs = 50;
    at.client.onTerminal = null;
    const launched = at.client.run({ program: at.script(''), python }, capable);
    launched.catch(() => {});
    await new Promise((resolve) => at.client.once('terminal', resolve));
    await at.client.terminateRequest();
    await at.client.event('terminated');
    await expect(launched).rejects.toThrow(/cancelled/);
    expect(at.host.engine.closed).toEqual([{ id: 's1', deleteFolder: true }]);
  });
});
