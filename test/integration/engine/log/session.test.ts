/** Logs of real sessions: they contain the sequence of events, and none of the program's data. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { SetTrace } from '../../../../server/protocol/stream';
import { ask } from '../../../shared/ask';
import { BuiltServer, buildServer } from '../../../shared/built';
import { SocketClient } from '../../../shared/socketClient';
import { python } from '../../dap/rig';

const folder = mkdtempSync(path.join(tmpdir(), 'fslog-test-'));
let built = '';
beforeAll(async () => {
  built = await buildServer();
});
afterAll(() => {
  for (const each of [built, folder]) rmSync(each, { recursive: true, force: true });
});

/**
 * Texts that must not appear in a log: from messages, arguments, environment, output, conditions, expressions, keys.
 */
const SECRETS = ['pay', 'arg', 'env', 'out', 'con', 'exp', 'key', 'err'].map((each) => `${each}-s3cr3t`);
const [PAYLOAD, ARGUMENT, ENVIRONMENT, OUTPUT, CONDITION, EXPRESSION, KEY, ERROR] = SECRETS;
const PROGRAM = `
import multiprocessing, os, sys

def work(tasks, results):
    for item in iter(tasks.get, None):
        results.put(item)
    print('${OUTPUT}', flush=True)

if __name__ == '__main__':
    tasks, results = multiprocessing.Queue(), multiprocessing.Queue()
    worker = multiprocessing.Process(target=work, args=(tasks, results), name='worker-1')
    worker.start()
    for n in range(2):
        tasks.put({'${KEY}': '${PAYLOAD}'})
    tasks.put(None)
    for n in range(2):
        results.get()
    worker.join()
    assert sys.argv[1] == '${ARGUMENT}' and os.environ['SOME_TOKEN'] == '${ENVIRONMENT}'
`;
const lineOf = (text: string): number => PROGRAM.split('\n').findIndex((line) => line.includes(text)) + 1;
const program = path.join(folder, 'program.py');
writeFileSync(program, PROGRAM);
const launch = {
  program,
  python,
  args: [ARGUMENT],
  env: { SOME_TOKEN: ENVIRONMENT },
  console: 'internalConsole',
  lineDebugging: 'off',
};

/** A debug client of a process that speaks the protocol on its input and output. */
async function clientOf(child: ChildProcess): Promise<SocketClient> {
  const where = path.join(folder, `${child.pid}.sock`);
  const server = createServer((socket) => {
    socket.pipe(child.stdin as NodeJS.WritableStream);
    child.stdout?.pipe(socket);
  });
  server.listen(where);
  await once(server, 'listening');
  const client = await SocketClient.connect(where);
  server.close();
  return client;
}

function expectNoSecrets(log: string, more: readonly string[] = []): void {
  for (const each of [...SECRETS, ...more]) expect(log.split('\n').filter((line) => line.includes(each))).toEqual([]);
}

test("forkscope dap --log: the sequence of events of a breakpoint, without the program's data", async () => {
  const file = path.join(folder, 'dap.log');
  const child = spawn(process.execPath, [path.join(built, 'cli.js'), 'dap', '--log', file], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: folder },
  });
  const client = await clientOf(child);
  await client.initializeRequest({ adapterID: 'forkscope', pathFormat: 'path' });
  const launched = client.launchRequest(launch as never);
  await client.event('initialized');
  const put = lineOf('tasks.put({');
  await client.setBreakpointsRequest({
    source: { path: program },
    breakpoints: [
      { line: put, condition: `tasks is not None and "${CONDITION}"` },
      { line: lineOf('import multi'), logMessage: CONDITION as string },
    ],
  });
  await client.setExceptionBreakpointsRequest({
    filters: [],
    filterOptions: [{ filterId: 'receive', condition: `{}['${ERROR}']` }],
  });
  await Promise.all([launched, client.configurationDoneRequest()]);
  const stopped = await client.event('stopped', ({ body }) => body.hitBreakpointIds?.length > 0);
  const { threadId } = stopped.body;
  const words = readdirSync(folder)
    .map((name) => path.join(folder, name, 'plan.json'))
    .filter((plan) => existsSync(plan))
    .map((plan) => (JSON.parse(readFileSync(plan, 'utf8')) as { word: string }).word);
  expect(words[0]?.length).toBeGreaterThan(20);
  const { stackFrames } = (await client.stackTraceRequest({ threadId })).body;
  const frameId = stackFrames[0]?.id as number;
  const { scopes } = (await client.scopesRequest({ frameId })).body;
  for (const { variablesReference } of scopes) await client.variablesRequest({ variablesReference });
  await client.evaluateRequest({ expression: `"${EXPRESSION}"`, frameId });
  await client.evaluateRequest({ expression: `{}["${ERROR}"]`, frameId }).catch(() => {});
  await client.customRequest('forkscope/payload', { threadId });
  await client.setExceptionBreakpointsRequest({ filters: [] });
  await client.setBreakpointsRequest({ source: { path: program }, breakpoints: [] });
  // A process that failed to evaluate the other condition is paused too.
  await client.customRequest('forkscope/continueAll', { threadId });
  await client.event('terminated');
  await client.disconnectRequest();
  if (child.exitCode === null) await once(child, 'exit');
  const log = readFileSync(file, 'utf8');
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  const story = [
    /^forkscope log 1$/m,
    /Forkscope \S+, dap, pid \d+/,
    /dap 1: ← request 1 initialize/,
    /dap 1: ← request \d+ launch .*"program":".*program\.py","python":/,
    /"env":\["SOME_TOKEN"\]/,
    /breakpoint: #2 in .*program\.py:2 is not verified: Stops only if/,
    /session: \S+ opened: /,
    new RegExp(`plan: armed: line program\\.py:${put} #1 if …, .*filter receive #3 if …`),
    /process: relay pid \d+ of /,
    /journal: \S+\.fsj: pid \d+, process /,
    new RegExp(`stop: pid \\d+ MainThread stops by line #1 before put of tasks.* at .*program\\.py:${put}`),
    /stop: pid \d+ is paused as thread \d+/,
    /dap 1: → event stopped .*"hitBreakpointIds":\[1\]/,
    /dap 1: → response \d+ evaluate failed/,
    /plan: not armed: nothing/,
    /session: \S+ ended: exit code 0, after \d+ ms, 2 processes/,
    /process: relay pid \d+ ended: 0/,
  ];
  for (const each of story) expect(log).toMatch(each);
  expectNoSecrets(log, words);
});

test.skipIf(process.platform === 'win32')(
  'forkscope run --log: whole also where the program, and so the command, ends by a signal',
  async () => {
    const script = path.join(folder, 'killed.py');
    writeFileSync(
      script,
      `import os, subprocess, sys\nsubprocess.check_call([sys.executable, '-I', '-c', 'pass'])\nprint('${OUTPUT}', flush=True)\nos.kill(os.getpid(), 9)\n`,
    );
    const file = path.join(folder, 'run.log');
    const child = spawn(
      process.execPath,
      [path.join(built, 'cli.js'), 'run', '--log', file, '--quiet', '--python', python, script, ARGUMENT as string],
      { stdio: 'ignore', env: { ...process.env, SOME_TOKEN: ENVIRONMENT } },
    );
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    const log = readFileSync(file, 'utf8');
    for (const each of [
      /run: \S+ .*killed\.py, 1 arguments/,
      /process: the start helper, pid \d+: cpython/,
      /program: started, pid \d+/,
      /program: ended: SIGKILL/,
      /process: pid \d+ was not recorded: isolated/,
      /session: \S+ ended: SIGKILL/,
      /is let go, with its folder\n$/,
    ])
      expect(log).toMatch(each);
    expectNoSecrets(log);
  },
);

test('a log that cannot be written is reported before the program starts, and a killed server has logged its actions', async () => {
  const theirs = path.join(folder, 'theirs.txt');
  writeFileSync(theirs, 'hello');
  for (const command of [['dap'], ['lsp'], ['run', program]]) {
    const [name = '', ...rest] = command;
    const child = spawn(process.execPath, [path.join(built, 'cli.js'), name, '--log', theirs, ...rest], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(said).toMatch(/theirs\.txt exists and is no log of Forkscope/);
  }
  expect(readFileSync(theirs, 'utf8')).toBe('hello');
  const file = path.join(folder, 'lsp.log');
  const child = spawn(process.execPath, [path.join(built, 'server.js'), '--stdio', '--log', file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const client = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  client.listen();
  await client.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {} });
  await ask(client, 'resync');
  child.kill('SIGKILL');
  await once(child, 'exit');
  client.dispose();
  expect(readFileSync(file, 'utf8')).toMatch(
    /lsp: ← request \d+ initialize .*\n.*initialized by a client[\s\S]*request \d+ forkscope\/resync/,
  );
});

test('the language server: on by setting, described by its messages, off again; and a launch may request it', async () => {
  const logs = path.join(folder, 'logs');
  const server = await BuiltServer.start(built);
  expect(existsSync(logs)).toBe(false);
  await server.client.sendNotification(SetTrace, { level: 'verbose', folder: logs });
  const client = await SocketClient.connect(await server.socket());
  await client.run(launch);
  await client.event('terminated');
  client.socket.destroy();
  const [session] = (await ask(server.client, 'resync')).sessions;
  const { rows } = await ask(server.client, 'messages', {
    sessionId: session?.id ?? '',
    filter: { text: PAYLOAD as string },
    offset: 0,
    limit: 10,
  });
  expect(rows.length).toBeGreaterThan(0);
  await server.client.sendNotification(SetTrace, { level: 'off', folder: logs });
  await ask(server.client, 'resync');
  const [first = ''] = readdirSync(logs);
  expect(first).toMatch(/^language-server-.*\.log$/);
  const log = readFileSync(path.join(logs, first), 'utf8');
  for (const each of [
    /lsp: ← request \d+ forkscope\/dap/,
    /lsp: → response \d+ forkscope\/dap/,
    /lsp: ← request \d+ forkscope\/messages .*"filter":\{"text":"<10 characters>"\}/,
    /lsp: → response \d+ forkscope\/messages .*"payload":"<\d+ characters>"/,
    /lsp: → notification forkscope\/update \S+ \(.*processStatus/,
    /lsp: → response \d+ forkscope\/resync \S+ whole \(/,
    /dap 1: → event output .*"category":"stdout","output":"<\d+ characters>"/,
    /dap 1: its client is gone/,
    /log: ends/,
  ])
    expect(log).toMatch(each);
  expectNoSecrets(log);

  const traced = await SocketClient.connect(await server.socket());
  await traced.run({ ...launch, trace: true });
  const said = await traced.event('output', ({ body }) => body.output.includes('writes a log of this session'));
  await traced.event('terminated');
  const closed = once(traced.socket, 'close');
  traced.socket.destroy();
  await closed;
  const [, second = ''] = readdirSync(logs).sort();
  expect(said.body.output).toContain(second);
  await server.stop();
  const other = readFileSync(path.join(logs, second), 'utf8');
  expect(other).toMatch(/dap 2: ← request \? launch .*"trace":true/);
  expect(other).toMatch(/log: ends/);
  expectNoSecrets(other);
});
