/**
 * With a line debugger the program's output is unchanged: neither debugpy's messages nor warnings about debugpy's
 * threads.
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Editor } from './client';
import { debugpyFor } from './debugpy';
import { pythons } from './pythons';
import { setup } from './setup';

const at = setup();
const textOf = (editor: Editor, category: string): string =>
  editor.events
    .filter((each) => each.event === 'output' && each.body.category === category)
    .map((each) => each.body.output)
    .join('');

describe.each(pythons())('Python $version', ({ path: python }) => {
  const debugpy = debugpyFor(python);
  const needs = test.skipIf(debugpy === null);
  const launch = (file: string) => ({ program: file, python, lineDebugging: 'on', debugpy });

  needs("debugpy's own messages are in the debug console, and exit() there is answered", async () => {
    const file = at.script(`import os
number = 1
if os.fork() == 0:
    number = 2  # child
    os._exit(0)
os.wait()
print("end", flush=True)
`);
    const editor = at.start();
    await editor.begin(launch(file), { lines: { file, breakpoints: [{ line: 3 }, { line: 4 }] } });
    for (let n = 0; n < 2; n++) {
      const stop = await editor.place();
      const { scopes } = (await editor.scopesRequest({ frameId: stop.frameId })).body;
      const set = (value: string) =>
        editor.setVariableRequest({
          variablesReference: scopes[0]?.variablesReference ?? 0,
          name: 'number',
          value,
        });
      await expect(set('1 / 0')).rejects.toThrow('Unable to change');
      await expect(set('exit(6)')).rejects.toThrow('Unable to change');
      expect((await set('None')).body.value).toBe('None');
      for (const expression of ['exit()', 'raise SystemExit(4)'])
        await expect(editor.evaluate(stop, expression, 'repl')).rejects.toThrow('SystemExit');
      await expect(editor.evaluate(stop, 'exit(5)', 'hover')).rejects.toThrow('SystemExit: 5');
      await editor.continueRequest({ threadId: stop.threadId });
    }
    await editor.take('terminated');
    expect(textOf(editor, 'stdout')).toBe('end\n');
    expect(textOf(editor, 'stderr')).toBe('');
    expect(textOf(editor, 'console').match(/^ZeroDivisionError/gm)).toHaveLength(2);
  });

  needs('a fork warns of threads exactly where it does without a debugger', async () => {
    const file = at.script(`import multiprocessing, os, threading, warnings
def fork():
    if os.fork() == 0:
        os._exit(0)
    os.wait()
fork()
over = threading.Event()
thread = threading.Thread(target=over.wait)
if __name__ == "__main__":
    child = multiprocessing.get_context("fork").Process(target=int)
    thread.start()
    for each in range(2):
        fork()  # warned about once
    warnings.simplefilter("always")
    child.start()
    child.join()
    over.set()
    thread.join()
    fork()
    warnings.simplefilter("error")
    fork()
    print(child.exitcode, len(warnings.filters) > 0, flush=True)
`);
    const bare = spawnSync(python, [file], { encoding: 'utf8' });
    const same = (text: string) => text.replace(/pid=\d+/g, 'pid=N');
    const editor = at.start();
    await editor.begin(launch(file), { lines: { file, breakpoints: [{ line: 1 }] } });
    await editor.continueRequest({ threadId: (await editor.place()).threadId });
    await editor.take('terminated');
    expect(textOf(editor, 'stdout')).toBe(bare.stdout);
    expect(same(textOf(editor, 'stderr'))).toBe(same(bare.stderr));
  });

  needs("a signal during debugpy's connection is handled by the program afterwards", async () => {
    const file = at.script(`import os, signal, time
class Asked(Exception):
    pass
def asked(number, frame):
    raise Asked
signal.signal(signal.SIGTERM, asked)
codes = []
for each in range(20):
    try:
        child = os.fork()
        if child == 0:
            time.sleep(5)
            os._exit(9)
    except Asked:
        os._exit(3)
    time.sleep(each * 0.003)
    os.kill(child, signal.SIGTERM)
    codes.append(os.waitpid(child, 0)[1] >> 8)
print(sorted(set(codes)), flush=True)
`);
    const editor = at.start();
    await editor.begin(launch(file), { lines: { file, breakpoints: [{ line: 1, condition: 'False' }] } });
    await editor.take('terminated');
    expect(textOf(editor, 'stdout')).toBe('[3]\n');
    expect(textOf(editor, 'console')).toBe('');
  });
});
