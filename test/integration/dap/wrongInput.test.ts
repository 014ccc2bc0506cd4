import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { python, rig } from './rig';

const at = rig();

describe('invalid input', () => {
  const launch = (args: object) => at.client.run({ console: 'internalConsole', python, ...args });

  test.each<[object, RegExp]>([
    [{}, /Set "program"/],
    [{ program: 'x.py', module: 'x' }, /not both/],
    [{ program: '/no/such/file.py' }, /\/no\/such\/file\.py does not exist/],
    [{ program: at.folder }, /without a __main__\.py/],
    [{ program: 7 }, /"program" .* must be a text/],
    [{ module: 'x', cwd: '/no/such/folder' }, /working directory/],
    [{ module: 'x', args: 'a b' }, /"args"/],
    [{ module: 'x', env: { A: 1 } }, /"env\.A"/],
    [{ module: 'x', env: { 'A=B': '1' } }, /"env\.A=B"/],
    [{ module: 'x\0' }, /null character/],
    [{ module: 'x', console: 'window' }, /"console" .* integratedTerminal/],
    [{ module: 'x', recording: { ring: -1 } }, /"recording\.ring"/],
    [{ module: 'x', python: '/nowhere/python' }, /There is no Python at \/nowhere\/python/],
  ])('launch with %j is rejected with a sentence', async (args, sentence) => {
    await expect(launch(args)).rejects.toThrow(sentence);
    expect(at.host.engine.sessions.size).toBe(0);
  });

  test('an error response carries a number and requests to be shown', async () => {
    await expect(launch({ program: '/{no}.py' })).rejects.toThrow();
    expect(at.client.failures.map((each) => each.body.error)).toEqual([
      {
        id: 2001,
        format: '{text}',
        variables: { text: 'The program /{no}.py does not exist.' },
        showUser: true,
      },
    ]);
  });

  test('a session at.folder that cannot be made is an error', async () => {
    at.host.prepareError = new Error('The disk is full.');
    await expect(launch({ module: 'x' })).rejects.toThrow('The disk is full.');
    expect(at.host.started).toEqual([]);
  });

  test('a program that cannot be started leaves no session', async () => {
    const gone = path.join(at.folder, 'gone-python');
    await expect(launch({ module: 'x', python: gone })).rejects.toThrow(/ENOENT/);
    expect(at.host.engine.closed).toEqual([{ id: 's1', deleteFolder: true }]);
  });

  test('each request out of order gets an error, and the adapter continues', async () => {
    await expect(at.client.launchRequest({} as object)).rejects.toThrow(/launch is not possible .* new/);
    await expect(at.client.threadsRequest()).rejects.toThrow(/new/);
    await at.client.initializeRequest();
    await expect(at.client.initializeRequest()).rejects.toThrow(/ready/);
    await expect(at.client.restartRequest({} as object)).rejects.toThrow(/ready/);
    await expect(at.client.attachRequest({} as object)).rejects.toThrow(/cannot attach/);
    expect((await at.client.threadsRequest()).body.threads).toEqual([]);
    expect((await at.client.customRequest('forkscope/session')).body).toEqual({ sessionId: null });
  });

  test('unsupported requests are reported as such', async () => {
    await at.client.initializeRequest();
    await expect(at.client.pauseRequest({ threadId: 1 })).rejects.toThrow(/while the debug session is ready/);
    for (const command of ['stepBack', 'restartFrame', 'reverseContinue', 'readMemory', 'loadedSources']) {
      await expect(at.client.customRequest(command)).rejects.toThrow(/not supported/);
    }
    const { body } = await at.client.setBreakpointsRequest({
      source: { path: '/x.py' },
      breakpoints: [{ line: 3 }, { line: 4 }],
    });
    expect(body.breakpoints.map((each) => each.verified)).toEqual([false, false]);
  });

  test('terminate before launch ends the debug session', async () => {
    await at.client.initializeRequest();
    await at.client.terminateRequest();
    await at.client.event('terminated');
  });

  test('terminate while launch waits for the configuration cancels it', async () => {
    await at.client.initializeRequest();
    const launched = at.client.launchRequest({ module: 'x', python } as object);
    launched.catch(() => {});
    await at.client.terminateRequest();
    await expect(launched).rejects.toThrow(/cancelled/);
    expect(at.host.engine.sessions.size).toBe(0);
  });

  test.each(['{nope', '"text"', 'null', '{"type":"request","seq":"1"}', '{"type":"other","seq":1}', ''])(
    'the message %j is passed over, with a word about it',
    async (text) => {
      at.client.socket.write(`content-length: ${Buffer.byteLength(text)}\r\nContent-Type: any\r\n\r\n${text}`);
      await at.client.event('output', ({ body }) => /passes over a message that it cannot read: /.test(body.output));
      await at.client.initializeRequest();
      expect(at.host.complaints).toEqual([expect.stringMatching(/passes over/)]);
    },
  );

  test('invalid bytes end only their own connection, with the reason', async () => {
    const closed = new Promise((resolve) => at.client.socket.once('close', resolve));
    at.client.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await closed;
    expect(at.client.output('console')).toMatch(/ends the session, .*"GET \/ HTTP\/1\.1" is no header/);
    expect(at.client.names()).toContain('terminated');
    await at.reconnect();
    await at.client.initializeRequest();
  });

  test('a client that disconnects in the middle of a message is reported', async () => {
    const closed = new Promise((resolve) => at.client.socket.once('close', resolve));
    at.client.socket.end('Content-Length: 50\r\n\r\n{"seq":1');
    await closed;
    expect(at.host.complaints).toEqual([expect.stringMatching(/in the middle of a message/)]);
  });
});
