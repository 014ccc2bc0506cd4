/** Stepping from message to message on Pythons other than CPython 3: each test is skipped if its Python is missing. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { setup } from './setup';

const { start, script } = setup();

/** The interpreter's own path; null if it is not installed. */
function found(names: readonly string[]): string | null {
  for (const name of names) {
    const { status, stdout } = spawnSync(name, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
  }
  return null;
}

const PROGRAM = `from __future__ import print_function
import multiprocessing, sys
def consume(tasks, results):
    while True:
        item = tasks.get()
        if item is None:
            break
        results.send(item * 10)
if __name__ == "__main__":
    tasks = multiprocessing.Queue()
    here, there = multiprocessing.Pipe(False)
    consumer = multiprocessing.Process(target=consume, args=(tasks, there), name="consumer")
    consumer.start()
    total = 0
    for number in range(1, 4):
        tasks.put(number)
        total += here.recv()
    tasks.put(None)
    consumer.join()
    print("total", total)
`;

const pyenv = `${process.env['PYENV_ROOT'] ?? `${process.env['HOME'] ?? ''}/.pyenv`}/versions`;
for (const [title, names] of [
  ['Python 2.7', [`${pyenv}/2.7.18/bin/python`, 'python2.7']],
  ['PyPy', ['pypy3', 'pypy']],
] as const) {
  const python = found(names);
  describe(title, () => {
    test.skipIf(python === null)('put, step into the get, edit on the way, send back, drop', async () => {
      const editor = start();
      await editor.begin(
        { program: script(PROGRAM), python },
        {
          functions: [
            { name: 'tasks.put', hitCondition: '<= 2' },
            { name: 'results.send', hitCondition: '1' },
          ],
        },
      );
      const put = await editor.place();
      expect([put.description, put.line]).toEqual(['Paused on put of tasks', 16]);
      await editor.evaluate(put, '.replace number + 6', 'repl');
      await editor.stepInRequest({ threadId: put.threadId });
      const got = await editor.place();
      expect([got.name, got.description, got.line, got.reason]).toEqual([
        'consumer',
        'Paused on get of tasks',
        5,
        'step',
      ]);
      expect(await editor.evaluate(got, 'message')).toBe('7');
      await editor.nextRequest({ threadId: got.threadId });
      const send = await editor.place();
      expect([send.name, send.line]).toEqual(['consumer', 8]);
      await editor.evaluate(send, '.replace 1000', 'repl');
      await editor.continueRequest({ threadId: send.threadId });
      const second = await editor.place();
      await editor.evaluate(second, '.twice', 'repl');
      await editor.setFunctionBreakpointsRequest({ breakpoints: [] });
      await editor.continueRequest({ threadId: second.threadId });
      await editor.take('terminated');
      expect(editor.output()).toBe('total 1040\n');
    });
  });
}
