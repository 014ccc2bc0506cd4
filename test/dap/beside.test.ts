/** A debug session beside another debugger's: it attaches to the session of a program that somebody else starts. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareSession } from '../../server/launching';
import { buildServer } from '../unit/dap/built';
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

test('stops at messages, leaves lines to the other one, and lets the program end by itself', async () => {
  const python = pythons().at(-1)?.path ?? 'python3';
  const file = join(folder, 'beside.py');
  writeFileSync(
    file,
    'import multiprocessing\ntasks = multiprocessing.SimpleQueue()\ntasks.put(1)\nprint(tasks.get())\n',
  );
  const { folder: session, env } = prepareSession({ command: [python, file], cwd: folder });
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
    const program = spawn(python, [file], { env: { ...process.env, ...env } });
    const ended = new Promise<number | null>((resolve) => program.once('exit', resolve));
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
