/**
 * Conditions, hit counts and log messages of line breakpoints, and `breakpoint()`, as defined by the protocol and
 * Python, in children too.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, expect, test } from 'vitest';
import type { Editor } from './client';
import { debugpyFor } from './debugpy';
import { pythons } from './pythons';
import { runThrough, setup } from './setup';

const at = setup();
const LOOP = `import multiprocessing
def work():
    for number in range(10):
        total = number * 2  # here
if __name__ == "__main__":
    child = multiprocessing.Process(target=work, name="child")
    child.start()
    child.join()
    print("exit", child.exitcode, flush=True)
`;
const HERE = 4;

function outputs(editor: Editor, category: string): DebugProtocol.OutputEvent['body'][] {
  return editor.events
    .filter((each) => each.event === 'output' && each.body.category === category)
    .map((each) => each.body);
}
const textOf = (editor: Editor, category: string): string =>
  outputs(editor, category)
    .map((each) => each.output)
    .join('');

describe.each(pythons())('Python $version', ({ path: python }) => {
  const debugpy = debugpyFor(python);
  const needs = test.skipIf(debugpy === null);
  const launch = (file: string, more: object = {}) => ({
    program: file,
    python,
    lineDebugging: 'on',
    debugpy,
    ...more,
  });

  async function stopsOf(breakpoint: object): Promise<{ editor: Editor; stops: string[]; file: string }> {
    const file = at.script(LOOP);
    const editor = at.start();
    await editor.begin(launch(file), { lines: { file, breakpoints: [{ line: HERE, ...breakpoint }] } });
    const stops: string[] = [];
    await runThrough(editor, async (stop) => stops.push(await editor.evaluate(stop, 'number')));
    expect(textOf(editor, 'stdout')).toBe('exit 0\n');
    return { editor, stops, file };
  }

  needs('a log message is in the debug console, once, with its location, only if its condition is true', async () => {
    const { editor, stops, file } = await stopsOf({
      logMessage: 'number {number}, {work.__dict__.setdefault(number, 1)} {len(work.__dict__)}',
      condition: 'number > 7',
    });
    expect(stops).toEqual([]);
    const said = outputs(editor, 'console');
    expect(said.map((each) => each.output)).toEqual(['number 8, 1 1\n', 'number 9, 1 2\n']);
    expect(said.map((each) => [each.source?.path, each.line])).toEqual([
      [file, HERE],
      [file, HERE],
    ]);
  });

  needs('hits count only if the condition is true', async () => {
    const { stops } = await stopsOf({ condition: 'number % 2', hitCondition: '>= 4' });
    expect(stops).toEqual(['7', '9']);
  });

  needs('an invalid hit count, and a condition that would end the program, are reported once', async () => {
    for (const [breakpoint, error] of [
      [{ hitCondition: 'often' }, "often (NameError: name 'often' is not defined, in child"],
      [{ condition: 'exit(3)' }, 'exit(3) (SystemExit: 3, in child'],
    ] as const) {
      const { editor, stops } = await stopsOf(breakpoint);
      expect(stops).toEqual([]);
      const said = textOf(editor, 'console');
      expect(said).toContain(error);
      expect(said.split('\n').length).toBe(2);
    }
  });

  needs('breakpoint() follows PYTHONBREAKPOINT, and arguments are allowed', async () => {
    const file = at.script(`import multiprocessing
def work():
    breakpoint(header="for pdb")
if __name__ == "__main__":
    work()
    child = multiprocessing.get_context("spawn").Process(target=work, name="child")
    child.start()
    child.join()
    print("exit", child.exitcode, flush=True)
`);
    for (const [env, lines] of [
      [{}, [3, 3]],
      [{ PYTHONBREAKPOINT: '0' }, []],
      [{ PYTHONBREAKPOINT: 'builtins.dict' }, []],
    ] as const) {
      const editor = at.start();
      await editor.begin(launch(file, { env }), {});
      const seen = await runThrough(editor);
      expect(seen.map(([, , line]) => line)).toEqual(lines);
      expect(textOf(editor, 'stdout')).toBe('exit 0\n');
      expect(textOf(editor, 'stderr')).toBe('');
    }
  });
});
