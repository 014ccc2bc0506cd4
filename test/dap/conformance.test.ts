/**
 * Requirements of the Debug Adapter Protocol: an adapter does what it announces, and answers everything else with a
 * clear error.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildServer } from '../shared/built';
import { Editor, type Place } from './client';
import { pythons } from './pythons';

let built: string;
let folder: string;
const editors: Editor[] = [];
beforeAll(async () => {
  built = await buildServer();
  folder = mkdtempSync(join(tmpdir(), 'forkscope-conformance-test-'));
});
afterEach(async () => {
  for (const editor of editors.splice(0)) await editor.end();
});
afterAll(() => {
  rmSync(built, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

const python = pythons().at(-1)?.path ?? 'python3';

function start(): Editor {
  const editor = Editor.start(join(built, 'cli.js'));
  editors.push(editor);
  return editor;
}

/** The sentence of the error response; fails if there is none, or if it reveals a fault of the adapter itself. */
async function refused(editor: Editor, command: string, args?: unknown): Promise<string> {
  const answer = await editor.customRequest(command, args).then(
    () => null,
    (error: Error) => error.message,
  );
  expect(answer, `${command} ${JSON.stringify(args)} was answered`).not.toBeNull();
  expect(answer).not.toMatch(/undefined|null|is not a function|not iterable|internal/i);
  return answer ?? '';
}

/** Every request of the protocol, with arguments that refer to nothing that exists. */
const STALE: Readonly<Record<string, object>> = {
  continue: { threadId: 999 },
  next: { threadId: 999 },
  stepIn: { threadId: 999 },
  stepOut: { threadId: 999 },
  pause: { threadId: 999 },
  stackTrace: { threadId: 999 },
  scopes: { frameId: 999_999 },
  variables: { variablesReference: 999_999 },
  setVariable: { variablesReference: 999_999, name: 'x', value: '1' },
  evaluate: { expression: '1', frameId: 999_999 },
  exceptionInfo: { threadId: 999 },
};
const CONFIGURING: Readonly<Record<string, object>> = {
  setBreakpoints: { source: { path: '/x.py' }, breakpoints: [{ line: 1 }] },
  setFunctionBreakpoints: { breakpoints: [{ name: 'tasks.put' }] },
  setExceptionBreakpoints: { filters: ['send'] },
};
const FOREIGN = [
  'reverseContinue',
  'stepBack',
  'restartFrame',
  'loadedSources',
  'readMemory',
  'writeMemory',
  'disassemble',
  'cancel',
  'breakpointLocations',
  'dataBreakpointInfo',
  'setDataBreakpoints',
  'setInstructionBreakpoints',
  'terminateThreads',
  'locations',
  'no such request',
  '__proto__',
  'constructor',
];

describe('requests out of order', () => {
  test('before initialize every request is rejected, and initialize still works', async () => {
    const editor = start();
    const all = { ...STALE, ...CONFIGURING, launch: {}, attach: {}, configurationDone: {}, threads: {}, restart: {} };
    for (const [command, args] of Object.entries(all))
      expect(await refused(editor, command, args)).toMatch(/not possible while the debug session is new/);
    expect(await refused(editor, 'terminate')).toMatch(/new/);
    for (const command of FOREIGN) expect(await refused(editor, command)).toMatch(/is not supported/);
    const { body } = await editor.initializeRequest();
    expect(body?.supportsConfigurationDoneRequest).toBe(true);
  });

  test('before launch, and after the end, every request that needs a program is rejected, and the adapter still answers', async () => {
    const editor = start();
    const file = join(folder, 'ends.py');
    writeFileSync(file, 'print("out")\n');
    await editor.initializeRequest();
    for (const [command, args] of Object.entries(STALE))
      expect(await refused(editor, command, args)).toMatch(/while the debug session is ready/);
    expect(await refused(editor, 'initialize', { adapterID: 'forkscope' })).toMatch(/ready/);
    expect((await editor.threadsRequest()).body.threads).toEqual([]);
    const launched = editor.launchRequest({
      program: file,
      python,
      console: 'internalConsole',
      lineDebugging: 'off',
    } as never);
    await editor.take('initialized');
    expect(await refused(editor, 'launch', { program: file, python })).toMatch(/starting/);
    await editor.configurationDoneRequest();
    await launched;
    await editor.take('terminated');
    for (const [command, args] of Object.entries(STALE))
      expect(await refused(editor, command, args)).toMatch(/while the debug session is ended/);
    expect(await refused(editor, 'launch', { program: file, python })).toMatch(/ended/);
    expect(await refused(editor, 'restart', {})).toMatch(/ended/);
    expect((await editor.threadsRequest()).body.threads).toEqual([]);
    await editor.terminateRequest();
    for (const [command, args] of Object.entries(CONFIGURING)) await editor.customRequest(command, args);
    await editor.disconnectRequest();
  });
});

const PROGRAM = `import multiprocessing
if __name__ == "__main__":
    tasks = multiprocessing.SimpleQueue()
    for number in range(3):
        tasks.put([number])
        tasks.get()
`;

describe('while a process is paused', () => {
  async function stopped(): Promise<{ editor: Editor; stop: Place }> {
    const editor = start();
    const file = join(folder, 'stops.py');
    writeFileSync(file, PROGRAM);
    await editor.begin({ program: file, python }, { functions: [{ name: 'tasks.put' }] });
    return { editor, stop: await editor.place() };
  }

  test('invalid ids, and those of an earlier pause, get an error each; nothing else happens', async () => {
    const { editor, stop } = await stopped();
    for (const [command, args] of Object.entries(STALE)) {
      if (command !== 'pause') expect(await refused(editor, command, args)).not.toBe('');
    }
    expect(await refused(editor, 'pause', { threadId: 999 })).toMatch(/not paused|no process/i);
    const { scopes } = (await editor.scopesRequest({ frameId: stop.frameId })).body;
    expect(scopes.length).toBeGreaterThan(1);
    await editor.nextRequest({ threadId: stop.threadId });
    const next = await editor.place();
    expect(next.frameId).not.toBe(stop.frameId);
    expect(await refused(editor, 'scopes', { frameId: stop.frameId })).toMatch(/no frame|not paused/);
    expect(await refused(editor, 'evaluate', { expression: '1', frameId: stop.frameId })).toMatch(/frame|not paused/);
    for (const { variablesReference } of scopes) {
      expect(await refused(editor, 'variables', { variablesReference })).toMatch(/not stopped any more/);
      const set = { variablesReference, name: 'number', value: '1' };
      expect(await refused(editor, 'setVariable', set)).toMatch(/not stopped any more/);
    }
    expect(await editor.evaluate(next, '1 + 1')).toBe('2');
    await editor.terminateRequest();
    await editor.take('terminated');
  });

  test('missing or mistyped arguments get an error that names them', async () => {
    const { editor } = await stopped();
    for (const [command, args] of Object.entries({ ...STALE, ...CONFIGURING, completions: { text: '', column: 1 } })) {
      const [first = ''] = Object.keys(args);
      for (const wrong of [undefined, null, 7, 'text', [], {}, { [first]: null }, { [first]: true }])
        expect(await refused(editor, command, wrong)).toMatch(new RegExp(`^The request ${command} needs "\\w+"\\.$`));
    }
    await editor.terminateRequest();
    await editor.take('terminated');
  });

  test('announced capabilities are supported', async () => {
    const editor = start();
    const file = join(folder, 'capable.py');
    writeFileSync(file, PROGRAM);
    const { body: can = {} } = await editor.initializeRequest({
      adapterID: 'forkscope',
      pathFormat: 'path',
      linesStartAt1: true,
      columnsStartAt1: true,
    });
    const launched = editor.launchRequest({
      program: file,
      python,
      console: 'internalConsole',
      lineDebugging: 'off',
    } as never);
    await editor.take('initialized');
    const lines = [
      { line: 5, condition: 'number == 0' },
      { line: 5, hitCondition: '>= 1' },
      { line: 5, logMessage: 'sends {number}' },
    ];
    const answers = await editor.setBreakpointsRequest({ source: { path: file }, breakpoints: lines });
    expect(answers.body.breakpoints.map((each) => each.verified)).toEqual([true, true, true]);
    const filters = (can.exceptionBreakpointFilters ?? []).map((each) => each.filter);
    const filterOptions = filters.map((filterId) => ({ filterId }));
    const { body } = (await editor.setExceptionBreakpointsRequest({
      filters: [],
      filterOptions,
    })) as unknown as DebugProtocol.SetExceptionBreakpointsResponse;
    expect(body?.breakpoints?.length).toBe(filters.length);
    await editor.setExceptionBreakpointsRequest({ filters: [] });
    await editor.configurationDoneRequest();
    await launched;
    const stop = await editor.place();
    const { scopes } = (await editor.scopesRequest({ frameId: stop.frameId })).body;
    const locals = scopes.find((each) => each.name === 'Locals')?.variablesReference ?? 0;
    /** Each announced capability, proven by a request or arguments that require it. */
    const proofs: Partial<Record<keyof DebugProtocol.Capabilities, () => Promise<unknown>>> = {
      supportsConfigurationDoneRequest: async () => {}, // above, as are the next four
      supportsFunctionBreakpoints: async () => {},
      supportsConditionalBreakpoints: async () => {},
      supportsHitConditionalBreakpoints: async () => {},
      supportsLogPoints: async () => {},
      supportsExceptionFilterOptions: async () => {},
      supportsEvaluateForHovers: async () => expect(await editor.evaluate(stop, 'number', 'hover')).toBe('0'),
      supportsSetVariable: async () =>
        editor.setVariableRequest({ variablesReference: locals, name: 'number', value: '41' }),
      supportsSetExpression: async () =>
        editor.customRequest('setExpression', { expression: 'number', value: '42', frameId: stop.frameId }),
      supportsDelayedStackTraceLoading: async () => {
        const part = { threadId: stop.threadId, startFrame: 1, levels: 1 };
        const { stackFrames, totalFrames } = (await editor.stackTraceRequest(part)).body;
        expect(stackFrames.length).toBe(Math.min(1, (totalFrames ?? 0) - 1));
      },
      supportsExceptionInfoRequest: async () =>
        expect(await refused(editor, 'exceptionInfo', { threadId: stop.threadId })).toMatch(/not paused/),
      supportsCompletionsRequest: async () =>
        editor.customRequest('completions', { frameId: stop.frameId, text: 'num', column: 4 }),
      supportsRestartRequest: async () => {
        const before = (await editor.threadsRequest()).body.threads;
        await editor.restartRequest({});
        const after = await editor.place();
        expect(before.map((each) => each.id)).not.toContain(after.threadId);
      },
      supportsTerminateRequest: async () => {
        await editor.terminateRequest();
        await editor.take('terminated');
      },
      supportTerminateDebuggee: async () => editor.disconnectRequest({ terminateDebuggee: true }),
    };
    const announced = Object.entries(can)
      .filter(([, value]) => value === true)
      .map(([name]) => name);
    expect(announced.filter((name) => !(name in proofs))).toEqual([]);
    for (const [name, prove] of Object.entries(proofs)) {
      expect(announced, 'what is proven is announced').toContain(name);
      await prove();
    }
  });
});
