/**
 * A companion session next to another debugger's: it attaches to the session of a program that another launcher starts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { holdForDebugger } from '../../server/debug/pauses/plan';
import { prepareSession } from '../../server/launching';
import { buildServer } from '../shared/built';
import { Editor } from './client';
import { pythons } from './pythons';

let built: string;
let folder: string;
beforeAll(async () => {
  built = await buildServer();
  folder = mkdtempSync(join(tmpdir(), 'forkscope-beside-test-'));
});
afterAll(() => {
  rmSync(built, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

/** A program that prints "ready" just before its first message, and its session. */
function prepared(python = pythons().at(-1)?.path ?? 'python3') {
  const file = join(folder, 'beside.py');
  writeFileSync(
    file,
    'import multiprocessing, sys\ntasks = multiprocessing.Queue(); sys.stdout.write("ready"); sys.stdout.flush()\ntasks.put(1)\nprint(tasks.get())\n',
  );
  const { folder: session, env } = prepareSession({ command: [python, file], cwd: folder });
  const start = () => {
    const program: ChildProcess = spawn(python, [file], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve) => program.once('exit', resolve));
    const ready = new Promise<void>((resolve) => program.stdout?.once('data', () => resolve()));
    return { program, ended, ready };
  };
  return { file, session, start };
}

test('pauses at messages, leaves lines to the other debugger, and lets the program end by itself', async () => {
  const { file, session, start } = prepared();
  const editor = Editor.start(join(built, 'cli.js'));
  try {
    await editor.initializeRequest();
    await editor.attachRequest({ session } as never);
    const { body } = await editor.take('capabilities');
    const filters = body.capabilities.exceptionBreakpointFilters as { filter: string }[];
    expect(filters.map((each) => each.filter)).toContain('send');
    expect(filters.map((each) => each.filter)).not.toContain('uncaught');
    const { breakpoints } = (await editor.setBreakpointsRequest({ source: { path: file }, breakpoints: [{ line: 4 }] }))
      .body;
    expect(breakpoints.map((each) => each.verified)).toEqual([false]);
    await editor.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'tasks.put' }] });
    await editor.configurationDoneRequest();
    const { ended } = start();
    const stop = await editor.place();
    expect([stop.description, stop.line]).toEqual(['Paused on put of tasks', 3]);
    await editor.continueRequest({ threadId: stop.threadId });
    expect(await ended).toBe(0);
    await editor.take('terminated');
  } finally {
    await editor.end();
    rmSync(session, { recursive: true, force: true });
  }
});

test.for(pythons().map(({ version, path }) => [version, path] as const))(
  'a program of Python %s that is at its first message before the debugger came waits for it',
  async ([, path]) => {
    const { session, start } = prepared(path);
    const { ended, ready } = start();
    const editor = Editor.start(join(built, 'cli.js'));
    try {
      await ready;
      await editor.initializeRequest();
      await editor.attachRequest({ session } as never);
      await editor.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'tasks.get' }] });
      await editor.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'tasks.put' }] });
      await editor.configurationDoneRequest();
      const stop = await editor.place();
      expect([stop.description, stop.line]).toEqual(['Paused on put of tasks', 3]);
      await editor.continueRequest({ threadId: stop.threadId });
      expect(await ended).toBe(0);
    } finally {
      await editor.end();
      rmSync(session, { recursive: true, force: true });
    }
  },
);

test('a program that runs without debugging is released at once, and never paused', async () => {
  const { session, start } = prepared();
  const { ended, ready } = start();
  const editor = Editor.start(join(built, 'cli.js'));
  try {
    await ready;
    await editor.initializeRequest();
    await editor.attachRequest({ session, noDebug: true } as never);
    // Does not wait for the breakpoints, since there are none.
    expect(await ended).toBe(0);
    const { body } = await editor.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'tasks.put' }] });
    expect(body.breakpoints[0]).toMatchObject({ verified: false, message: 'The program runs without debugging.' });
    await editor.take('terminated');
    expect(editor.events.filter((each) => each.event === 'stopped')).toEqual([]);
  } finally {
    await editor.end();
    rmSync(session, { recursive: true, force: true });
  }
});

test('it continues if the debugger leaves before setting breakpoints, and if none comes', async () => {
  const left = prepared();
  const { ended, ready } = left.start();
  const editor = Editor.start(join(built, 'cli.js'));
  await ready;
  await editor.initializeRequest();
  await editor.attachRequest({ session: left.session } as never);
  await editor.end();
  expect(await ended).toBe(0);
  rmSync(left.session, { recursive: true, force: true });

  const alone = prepared();
  holdForDebugger(alone.session, 0.5);
  expect(await alone.start().ended).toBe(0);
  rmSync(alone.session, { recursive: true, force: true });
});
