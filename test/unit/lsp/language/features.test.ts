/** The language features through a client's connection, over an engine driven by the test. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { createConnection } from 'vscode-languageserver/node';
import { startLanguageServer } from '../../../../server/lsp/server';
import type { SessionDelta } from '../../../../server/protocol/stream';
import type { ChannelStatus, Finding, SessionMeta } from '../../../../server/protocol/views';
import { parser } from '../../core/source/parser';
import { FakeEngine } from '../../fakes/engine';
import { EditorClient } from './client';

const SOURCE = `import multiprocessing

def work(tasks):
    tasks.get()

def main():
    tasks = multiprocessing.Queue(10)
    pool = multiprocessing.Pool(4)
    for _ in range(4):
        multiprocessing.Process(target=work, args=(tasks,)).start()
    pool.join()

if __name__ == '__main__':
    main()
`;
const [GET, QUEUE, POOL, START, JOIN] = [4, 7, 8, 10, 11];

describe('language features', () => {
  let folder: string;
  let file: string;
  let uri: string;
  let engine: FakeEngine;
  let client: EditorClient;
  let shutdown: () => Promise<void>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forkscope-lsp-'));
    file = join(folder, 'a.py');
    uri = pathToFileURL(file).href;
    writeFileSync(file, SOURCE);
    engine = new FakeEngine();
    const toServer = new PassThrough();
    const toClient = new PassThrough();
    startLanguageServer(
      createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)),
      engine,
      {
        dapEndpoint: async () => ({ path: '/somewhere/dap.sock' }),
        prepare: () => ({ folder: '/prepared', env: {}, runtime: '' }),
        loadParser: parser,
        ownsFolder: () => false,
        watch: () => {},
        onSessionFolder: () => () => {},
        shutdown: async () => {},
      },
    );
    client = new EditorClient(
      createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer)),
    );
    client.connection.listen();
    await client.start();
    shutdown = async () => {
      await client.connection.sendRequest('shutdown');
      client.connection.dispose();
    };
  });
  afterEach(async () => {
    await shutdown();
    rmSync(folder, { recursive: true, force: true });
  });

  const line = (number: number) => ({ file, line: number, function: 'main' });
  const meta = (): SessionMeta => ({
    id: 's',
    name: 'a.py',
    command: ['python3', 'a.py'],
    cwd: folder,
    python: 'python3',
    platform: 'linux',
    startedAt: new Date().toISOString(),
    recorded: false,
    source: folder,
  });
  const queue = (more: Partial<ChannelStatus> = {}): ChannelStatus => ({
    id: 'c1',
    puts: 13,
    gets: 10,
    sends: 12,
    receives: 10,
    bytesSent: 2048,
    bytesReceived: 1700,
    depth: 3,
    depthFeeder: 1,
    depthPipe: 2,
    depthMax: 7,
    rate: 120,
    outcomes: { Full: 2, Empty: 0, EOFError: 0, BrokenPipeError: 0, timeout: 0 },
    endpoints: [
      { processId: 'p0', mode: 'w', open: true, sends: 8, receives: 0, name: '' },
      { processId: 'p1', mode: 'rw', open: true, sends: 4, receives: 6, name: '' },
      { processId: 'p2', mode: 'r', open: true, sends: 0, receives: 4, name: '' },
    ],
    tasksDone: 0,
    unfinished: 0,
    ...more,
  });

  /** A running program: a queue, a pool and two processes, one of them blocked. */
  function running(delta: Partial<SessionDelta> = {}): void {
    const session = engine.add('s', folder);
    session.setProcess('p0', 41, 'running', { name: 'main' });
    const started = { origin: 'process', line: line(START) } as const;
    engine.fire({
      id: 's',
      full: true,
      meta: meta(),
      status: { ...session.status, state: 'running', durationMs: 5000 },
      channels: [
        {
          id: 'c1',
          kind: 'Queue',
          name: 'tasks',
          line: line(QUEUE),
          owner: 'user',
          capacity: 10,
          duplex: false,
          createdBy: 'p0',
        },
      ],
      channelStatus: [queue()],
      pools: [{ id: 'o1', kind: 'Pool', name: 'pool', line: line(POOL), processId: 'p0', size: 4 }],
      poolStatus: [
        {
          id: 'o1',
          state: 'open',
          workers: [],
          submitted: 40,
          started: 23,
          completed: 20,
          failed: 0,
          cancelled: 0,
          lost: 0,
          pending: 17,
          running: 3,
        },
      ],
      ...delta,
    });
    session.setProcess('p1', 42, 'waiting', {
      ...started,
      name: 'worker-1',
      waits: [
        {
          operation: 'get',
          target: 'queue',
          on: 'tasks',
          channelId: 'c1',
          processId: null,
          sinceMs: 1800,
          timeoutMs: null,
          line: line(GET),
          thread: 'MainThread',
          real: true,
          blockers: [{ processId: 'p0', why: 'has the writing end open', dead: false }],
        },
      ],
    });
    session.setProcess('p2', 43, 'exited', { ...started, name: 'worker-2', exitCode: 1 });
  }
  const finding = (more: Partial<Extract<Finding, { message: string }>> = {}): Finding => ({
    id: 'f1',
    code: 'stuck-get',
    severity: 'error',
    message: 'worker-1 waits for what nobody can send.',
    advice: 'Send it a sentinel.',
    processes: ['p1'],
    channels: ['c1'],
    lines: [
      { line: line(GET), caption: 'waits here', processId: 'p1' },
      { line: line(QUEUE), caption: 'the queue is made here', processId: null },
    ],
    sinceMs: 1000,
    over: false,
    ...more,
  });
  const close = () => {
    for (const listener of engine.tell) listener({ version: 1, sessions: [], closed: ['s'] });
  };
  const titles = async () =>
    (await client.lenses(uri)).map((each) => `${each.range.start.line + 1}: ${each.command?.title}`);
  const hints = async () =>
    (await client.hints(uri)).map(
      ({ position, label }) =>
        `${position.line + 1}: ${(label as { value: string }[])[0]?.value.replace(/\d+\.\d s/, 'N s')}`,
    );

  describe('checks of the source', () => {
    test('a diagnostic reports the fault, with its page; the fix removes it', async () => {
      await client.open(uri, SOURCE);
      const [diagnostic] = await client.diagnosticsOf(uri, 1);
      expect(diagnostic).toMatchObject({
        code: 'pool-not-closed',
        severity: 1,
        source: 'Forkscope',
        range: { start: { line: JOIN - 1, character: 4 } },
        codeDescription: { href: expect.stringMatching(/docs\/findings\/pool-not-closed\.md$/) },
        relatedInformation: [{ location: { uri, range: { start: { line: POOL - 1 } } } }],
      });
      const actions = await client.actions(uri, diagnostic as never);
      expect(actions.map((each) => each.title)).toEqual([
        'Add pool.close() before it',
        'Mute pool-not-closed on this line',
        'Open the page of pool-not-closed',
      ]);
      expect(actions[0]).toMatchObject({ isPreferred: true, kind: 'quickfix', diagnostics: [diagnostic] });
      await client.apply(actions[0]?.edit as never);
      await client.diagnosticsOf(uri, 0);
      expect(client.text(uri)).toContain('    pool.close()\n    pool.join()\n');
    });

    test('muting writes a comment that mutes it', async () => {
      await client.open(uri, SOURCE);
      const [diagnostic] = await client.diagnosticsOf(uri, 1);
      const actions = await client.actions(uri, diagnostic as never);
      await client.apply(actions.find((each) => each.title.startsWith('Mute'))?.edit as never);
      await client.diagnosticsOf(uri, 0);
      expect(client.text(uri)).toContain('    pool.join()  # forkscope: ignore[pool-not-closed]\n');
    });

    test('the page is opened by the client', async () => {
      await client.open(uri, SOURCE);
      const [diagnostic] = await client.diagnosticsOf(uri, 1);
      const page = (await client.actions(uri, diagnostic as never)).find((each) => each.command !== undefined);
      await client.connection.sendRequest('workspace/executeCommand', page?.command);
      expect(client.shown).toEqual([diagnostic?.codeDescription?.href]);
      await client.connection.sendRequest('workspace/executeCommand', { ...page?.command, arguments: ['../etc'] });
      expect(client.shown).toHaveLength(1);
    });

    test('edits are followed, also in quick succession; settings turn it off and on; closing clears it', async () => {
      await client.open(uri, SOURCE);
      await client.diagnosticsOf(uri, 1);
      for (let turn = 0; turn < 20; turn++) await client.insert(uri, 5, '# a line\n');
      await client.until(
        'the finding further down',
        () => client.diagnostics.get(uri)?.[0]?.range.start.line === JOIN + 19,
      );
      await client.configure({ checks: { enabled: false } });
      await client.diagnosticsOf(uri, 0);
      await client.configure({ checks: { enabled: true }, findings: { muted: ['pool-not-closed'] } });
      await client.configure({ findings: { muted: [] } });
      await client.diagnosticsOf(uri, 1);
      await client.configure({ findings: { muted: ['pool-not-closed'] } });
      await client.diagnosticsOf(uri, 0);
      await client.configure({});
      await client.close(uri);
      await client.open(uri, SOURCE);
      await client.configure({ findings: { muted: [] } });
      await client.diagnosticsOf(uri, 1);
      await client.close(uri);
      await client.diagnosticsOf(uri, 0);
    });
  });

  describe('while a program runs', () => {
    test('findings are shown at their lines, also in a file that is not open', async () => {
      running({ findings: [finding()] });
      const [diagnostic] = await client.diagnosticsOf(uri, 1);
      expect(diagnostic).toMatchObject({
        code: 'stuck-get',
        severity: 1,
        message: 'worker-1 waits for what nobody can send.\nSend it a sentinel.',
        range: { start: { line: GET - 1, character: 4 }, end: { line: GET - 1, character: 15 } },
        relatedInformation: [
          { location: { uri, range: { start: { line: QUEUE - 1 } } }, message: 'the queue is made here' },
        ],
      });
      await client.open(uri, SOURCE);
      await client.diagnosticsOf(uri, 2);
      close();
      const left = await client.diagnosticsOf(uri, 1);
      expect(left[0]?.code).toBe('pool-not-closed');
    });

    test('a finding of both the program and the text is shown once', async () => {
      await client.open(uri, SOURCE);
      await client.diagnosticsOf(uri, 1);
      running({
        findings: [
          finding({
            code: 'pool-not-closed',
            message: 'It happened.',
            lines: [{ line: line(JOIN), caption: '', processId: null }],
          }),
        ],
      });
      const [diagnostic] = await client.until('the live one', () =>
        String(client.diagnostics.get(uri)?.[0]?.message).startsWith('It happened')
          ? client.diagnostics.get(uri)
          : null,
      );
      expect(client.diagnostics.get(uri)).toHaveLength(1);
      const actions = await client.actions(uri, diagnostic as never);
      expect(actions[0]).toMatchObject({ title: 'Add pool.close() before it', diagnostics: [diagnostic] });
    });

    test('lenses show the status of an object at its creating line, and lead to the panel', async () => {
      await client.open(uri, SOURCE);
      running();
      expect(await client.until('three lenses', async () => ((await titles()).length === 3 ? titles() : null))).toEqual(
        [
          '7: depth 3/10 · 120 put/s · 2 producers → 2 consumers',
          '8: Pool: 3/4 busy, 17 waiting',
          '10: 2 processes, 1 alive, 1 failed',
        ],
      );
      expect((await client.lenses(uri)).map((each) => each.command)).toMatchObject([
        { command: 'show', arguments: [{ sessionId: 's', channelId: 'c1' }] },
        { command: 'show', arguments: [{ sessionId: 's', poolId: 'o1', page: 'pools' }] },
        { command: 'show', arguments: [{ sessionId: 's', processId: 'p1' }] },
      ]);
      await client.configure({ codeLens: { enabled: false } });
      await client.until('no lens', async () => (await titles()).length === 0);
      await client.configure({ codeLens: { enabled: true } });
      await client.until('lenses', async () => (await titles()).length === 3);
      close();
      await client.until('no lens', async () => (await titles()).length === 0);
    });

    test('hints show which process is blocked here and for how long, and count', async () => {
      await client.open(uri, SOURCE);
      running();
      await client.until('a hint', async () => (await hints()).length > 0);
      expect(await hints()).toEqual(['4: worker-1: blocked for N s']);
      const [first] = await client.hints(uri);
      expect(first?.position.character).toBe('    tasks.get()'.length);
      await client.until('time in the hint', async () => {
        const [now] = await client.hints(uri);
        return JSON.stringify(now) !== JSON.stringify(first);
      });
      engine.sessions.get('s')?.setProcess('p1', 42, 'running', { waits: [] });
      await client.until('no hint', async () => (await hints()).length === 0);
    });

    test('refreshes are sent at most twice a second, and only after a change', async () => {
      await client.open(uri, SOURCE);
      running();
      await client.until('lenses', async () => (await titles()).length === 3);
      for (let depth = 0; depth < 40; depth++) {
        engine.fire({ id: 's', full: false, channelStatus: [queue({ depth })] });
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      await client.until('the last depth', async () => (await titles())[0]?.includes('depth 39'));
      for (const moments of [client.refreshes.lens, client.refreshes.hint]) {
        expect(moments.length).toBeGreaterThan(1);
        // Timers may fire slightly early, and the message to the client takes a moment.
        const gaps = moments.slice(1).map((at, index) => at - (moments[index] as number));
        expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeGreaterThan(480);
      }
    });

    test("hovers show the details, with the program's data as plain text", async () => {
      await client.open(uri, SOURCE);
      running({ findings: [finding({ message: 'A [link](command:evil) in it.' })] });
      const made = await client.until('a hover', () => client.hover(uri, QUEUE - 1, 8));
      expect(made).toMatch(/\*\*tasks\*\* · Queue · \[Show in Panel\]\(command:show\?/);
      expect(made).toMatch(/depth 3\/10 \(1 in feeder buffers, 2 in the pipe\), at most 7/);
      expect(made).toMatch(/13 put, 10 got, 2\.0 KiB, 120\/s/);
      expect(made).toMatch(/Full × 2/);
      expect(made).toContain('\\[link\\]\\(command:evil\\)');
      expect(await client.hover(uri, POOL - 1, 8)).toMatch(/open, 3\/4 busy, 17 waiting\n- 20 done, 0 failed/);
      expect(await client.hover(uri, START - 1, 12)).toMatch(/\*\*worker\\-2\*\* \(43\): exited with code 1/);
      const waits = await client.hover(uri, GET - 1, 8);
      expect(waits).toMatch(/\[stuck-get\]\(https:.*stuck-get\.md\) · for .* · \[Show in Panel\]/);
      expect(waits).toMatch(/\[a\\.py:7\]\(file:.*#L7\) the queue is made here/);
      expect(await client.hover(uri, 0, 3)).toBe('');
      expect(await client.hover(uri, QUEUE - 1, 0)).toBe('');
      await client.configure({ hover: { enabled: false } });
      await client.until('no hover', async () => (await client.hover(uri, QUEUE - 1, 8)) === '');
    });

    test('all of it follows the lines during edits, and disappears with them', async () => {
      await client.open(uri, SOURCE);
      running({ findings: [finding()] });
      await client.diagnosticsOf(uri, 2);
      await client.insert(uri, 0, '# one\n# two\n');
      await client.until('diagnostics two lines further down', () =>
        client.diagnostics.get(uri)?.every((each) => each.range.start.line >= GET + 1),
      );
      expect((await titles()).map((each) => Number.parseInt(each, 10))).toEqual([QUEUE + 2, POOL + 2, START + 2]);
      expect((await client.hints(uri)).map((each) => each.position.line)).toEqual([GET + 1]);
      // The queue's line is deleted.
      const at = QUEUE + 1;
      await client.edit(uri, { start: { line: at, character: 0 }, end: { line: at + 1, character: 0 } }, '');
      expect((await titles()).map((each) => Number.parseInt(each, 10))).toEqual([POOL + 1, START + 1]);
      // Closed without saving, it is unchanged.
      await client.close(uri);
      await client.open(uri, SOURCE);
      expect((await titles()).map((each) => Number.parseInt(each, 10))).toEqual([QUEUE, POOL, START]);
    });

    test('a run refers to the text saved before it', async () => {
      await client.open(uri, SOURCE);
      await client.insert(uri, 0, '# one\n');
      writeFileSync(file, client.text(uri));
      await client.save(uri);
      await client.insert(uri, 0, '# two\n');
      await client.lenses(uri);
      running();
      // Line 7 of the saved text, which has one more line above, is one further down in the unsaved one.
      await client.until('lenses', async () => (await titles()).length === 3);
      expect((await titles())[0]).toMatch(/^8: depth/);
    });

    test('a file that changed after the program began is a different one', async () => {
      running({ meta: { ...meta(), startedAt: new Date(Date.now() - 60_000).toISOString() } });
      await client.open(uri, SOURCE);
      await client.diagnosticsOf(uri, 1);
      expect(await titles()).toEqual([]);
    });

    test('a comment mutes a finding of the program at once, without being saved', async () => {
      await client.open(uri, SOURCE);
      running({ findings: [finding()] });
      const [diagnostic] = await client.diagnosticsOf(uri, 2);
      const actions = await client.actions(uri, diagnostic as never);
      await client.apply(actions.find((each) => each.title === 'Mute stuck-get on this line')?.edit as never);
      const [left] = await client.diagnosticsOf(uri, 1);
      expect(left?.code).toBe('pool-not-closed');
      expect(readFileSync(file, 'utf8')).toBe(SOURCE);
    });
  });
});
