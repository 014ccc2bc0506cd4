/** What a log shows of protocol messages: only the length of anything that may be the program's. */
import { expect, test } from 'vitest';
import { dapText, rpcText } from '../../../../server/engine/log/traffic';

const SECRET = 's3cr3t';
const MOST = 10_000;
const request = (command: string, args: unknown) =>
  dapText({ type: 'request', seq: 1, command, arguments: args }, MOST);
const response = (command: string, body: unknown) =>
  dapText({ type: 'response', request_seq: 1, command, success: true, body }, MOST);
const event = (name: string, body: unknown) => dapText({ type: 'event', event: name, body }, MOST);

test('fields that help diagnosis are logged', () => {
  expect(
    request('setBreakpoints', {
      source: { path: '/src/worker.py', name: 'worker.py' },
      breakpoints: [{ line: 12, condition: `x == "${SECRET}"`, logMessage: SECRET }],
    }),
  ).toBe(
    'request 1 setBreakpoints {"source":{"path":"/src/worker.py","name":"worker.py"},' +
      '"breakpoints":[{"line":12,"condition":"<13 characters>","logMessage":"<6 characters>"}]}',
  );
  expect(
    response('setBreakpoints', { breakpoints: [{ id: 1, verified: false, message: 'No process yet.' }] }),
  ).toContain('{"id":1,"verified":false,"message":"No process yet."}');
  expect(event('stopped', { reason: 'breakpoint', threadId: 2, text: SECRET, hitBreakpointIds: [1] })).toBe(
    'event stopped {"reason":"breakpoint","threadId":2,"text":"<6 characters>","hitBreakpointIds":[1]}',
  );
  const failed = { type: 'response', request_seq: 3, success: false };
  expect(dapText({ ...failed, command: 'launch', message: 'There is no file x.py.' }, MOST)).toBe(
    'response 3 launch failed: There is no file x.py.',
  );
  expect(dapText({ ...failed, command: 'evaluate', message: `KeyError: ${SECRET}` }, MOST)).toBe(
    'response 3 evaluate failed',
  );
});

test('an unknown field is not logged', () => {
  const all = [
    request('launch', {
      program: '/a.py',
      args: [SECRET],
      env: { TOKEN: SECRET, path: SECRET, GONE: null },
      other: SECRET,
    }),
    request('evaluate', { expression: SECRET, name: SECRET, context: SECRET }),
    response('evaluate', { result: SECRET, type: SECRET }),
    response('variables', { variables: [{ name: SECRET, value: SECRET, type: SECRET, evaluateName: SECRET }] }),
    response('exceptionInfo', { exceptionId: SECRET, description: SECRET, details: { message: SECRET } }),
    request('forkscope/message', { threadId: 1, value: SECRET }),
    response('forkscope/payload', { tree: { type: SECRET, name: SECRET, text: SECRET } }),
    event('output', { category: 'stdout', output: SECRET, source: { path: SECRET } }),
    event('process', { name: `python x.py ${SECRET}` }),
    event('stopped', { reason: 'exception', description: SECRET, text: SECRET }),
    request('runInTerminal', { args: ['x', SECRET], env: { FORKSCOPE_SESSION: SECRET } }),
    dapText({ type: SECRET }, MOST).replace(SECRET, ''),
  ];
  for (const text of all) expect(text).not.toContain(SECRET);
  expect(all[0]).toContain('"program":"/a.py","args":["<6 characters>"],"env":["TOKEN","path","-GONE"]');
});

test("JSON-RPC: responses are logged by their request's method, and unrequested ones not at all", () => {
  const methods = new Map<string, string>();
  const tell = (message: object) => rpcText(message, methods, MOST);
  expect(tell({ id: 1, method: 'forkscope/open', params: { path: '/r.forkscope' } })).toBe(
    'request 1 forkscope/open {"path":"/r.forkscope"}',
  );
  expect(tell({ id: 1, result: { sessionId: 'abc' } })).toBe('response 1 forkscope/open {"sessionId":"abc"}');
  expect(tell({ id: 1, result: { folder: SECRET } })).not.toContain(SECRET);
  tell({ id: 2, method: 'forkscope/message', params: { sessionId: 'abc', messageId: 3 } });
  const all = [
    tell({ id: 2, result: { payload: SECRET, hex: SECRET, tree: { name: SECRET }, name: SECRET } }),
    tell({ method: 'textDocument/didOpen', params: { textDocument: { uri: 'file:///a.py', text: SECRET } } }),
    tell({ method: 'workspace/didChangeConfiguration', params: { settings: { [SECRET]: SECRET } } }),
    tell({ id: 3, method: 'initialize', params: { initializationOptions: { l10nBundle: { [SECRET]: SECRET } } } }),
    tell({ id: 4, method: 'forkscope/prepare', params: { command: ['python', SECRET], cwd: '/', pythonPath: SECRET } }),
    tell({ id: 4, result: { folder: '/tmp/x', env: { PYTHONPATH: SECRET } } }),
    tell({
      method: 'forkscope/update',
      params: { sessions: [{ id: 's', findings: [{ message: SECRET }] }], closed: [] },
    }),
  ];
  for (const text of all) expect(text).not.toContain(SECRET);
  expect(all[5]).toBe('response 4 forkscope/prepare {"folder":"/tmp/x","env":["PYTHONPATH"]}');
});

test('long bodies and lists are truncated, deep ones too', () => {
  const long = dapText({ type: 'event', event: 'x', body: { path: 'p'.repeat(5000) } }, 100);
  expect(long.length).toBeLessThan(200);
  expect(event('x', { ids: Array.from({ length: 1000 }, (_, n) => n) })).toContain('<960 more>');
  let deep: unknown = SECRET;
  for (let n = 0; n < 100; n++) deep = { deep };
  expect(event('x', deep).length).toBeLessThan(200);
  const methods = new Map<string, string>();
  for (let id = 0; id < 5000; id++) rpcText({ id, method: 'x' }, methods, MOST);
  expect(methods.size).toBeLessThanOrEqual(1000);
});
