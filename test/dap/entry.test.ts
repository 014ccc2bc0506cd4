/** The start of a session: paused at the program's entry, or never paused because it runs without debugging. */
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { debugpyFor } from './debugpy';
import { pythons } from './pythons';
import { setup } from './setup';

const at = setup();
const FAMILY = `"""A docstring."""
import multiprocessing
def work(results):
    results.put(1)
if __name__ == "__main__":
    results = multiprocessing.SimpleQueue()
    child = multiprocessing.Process(target=work, args=(results,))
    child.start()
    print(results.get(), flush=True)
    child.join()
`;

describe.each(pythons())('Python $version', ({ path: python }) => {
  const debugpy = debugpyFor(python);

  test.skipIf(debugpy === null).each(['program', 'module'])(
    'stopOnEntry stops a %s before its first line, and no child',
    async (how) => {
      const file = at.script(FAMILY, 'entry_module.py');
      const editor = at.start();
      const target = how === 'program' ? { program: file } : { module: 'entry_module', cwd: at.folder };
      await editor.begin({ ...target, python, lineDebugging: 'on', debugpy, stopOnEntry: true });
      const stop = await editor.place();
      expect([stop.reason, stop.description, stop.line]).toEqual(['entry', 'Paused on entry', 1]);
      await editor.nextRequest({ threadId: stop.threadId });
      expect((await editor.place()).line).toBe(2);
      await editor.continueRequest({ threadId: stop.threadId });
      await editor.take('terminated');
      expect(editor.output()).toBe('1\n');
      expect(editor.events.filter((each) => each.event === 'stopped').length).toBe(2);
    },
  );

  test('without a line debugger it pauses at the first operation, and says so', async () => {
    const editor = at.start();
    await editor.begin({ program: at.script(FAMILY), python, lineDebugging: 'off', stopOnEntry: true });
    const stop = await editor.place();
    expect([stop.reason, stop.line]).toEqual(['entry', 8]);
    await editor.continueRequest({ threadId: stop.threadId });
    await editor.take('terminated');
    expect(editor.output()).toMatch(/^"stopOnEntry": .* first operation .*\n1\n$/);
    expect(editor.events.filter((each) => each.event === 'stopped').length).toBe(1);
  });

  test('without debugging nothing pauses: no breakpoint, no exception, no entry, no breakpoint() of a debugger', async () => {
    const file = at.script(`${FAMILY}    raise SystemExit(3)\n`);
    const editor = at.start();
    const launch = { program: file, python, lineDebugging: 'on', debugpy, stopOnEntry: true, noDebug: true };
    const answers = await editor.begin(launch, {
      lines: { file, breakpoints: [{ line: 2 }, { line: 4 }, { line: 8 }] },
      functions: [{ name: 'results.put' }],
      filters: ['raised', 'uncaught', 'send', 'receive', 'start'],
    });
    const breakpoints = [...answers, ...editor.filters];
    expect(new Set(breakpoints.map((each) => `${each.verified} ${each.message}`))).toEqual(
      new Set(['false The program runs without debugging.']),
    );
    const { body } = await editor.take('exited');
    await editor.take('terminated');
    expect([body.exitCode, editor.output()]).toEqual([3, '1\n']);
    expect(editor.events.filter((each) => ['stopped', 'capabilities'].includes(each.event))).toEqual([]);
  });
});

test('a pause request to a program without debugging is rejected with the reason', async () => {
  const go = `${at.folder}/go`;
  const file = at.script(
    `import os, time\nprint("on", flush=True)\nwhile not os.path.exists(${JSON.stringify(go)}): time.sleep(0.01)\n`,
  );
  const editor = at.start();
  await editor.begin({ program: file, python: pythons()[0]?.path, noDebug: true });
  await editor.take('output');
  await expect(editor.pauseRequest({ threadId: 1 })).rejects.toThrow(/started without debugging/);
  writeFileSync(go, '');
  await editor.take('terminated');
});
