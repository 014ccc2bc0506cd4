/** Features of debugpy that the session passes on, with ids unique across all processes. */
import { describe, expect, test } from 'vitest';
import { debugpyFor } from './debugpy';
import { pythons } from './pythons';
import { setup } from './setup';

const at = setup();
const PROGRAM = `import multiprocessing
def double(number):
    return number * 2
def work(tasks):
    item = {"value": tasks.get()}
    result = double(abs(item["value"]))  # here
    skipped = result
    print(result, flush=True)  # there
if __name__ == "__main__":
    tasks = multiprocessing.SimpleQueue()
    children = [multiprocessing.Process(target=work, args=(tasks,), name="w%d" % n) for n in (1, 2)]
    for child in children:
        child.start()
        tasks.put(4)
    for child in children:
        child.join()
`;
const lineOf = (part: string): number => PROGRAM.split('\n').findIndex((each) => each.includes(part)) + 1;

describe.each(pythons())('Python $version', ({ path: python, version }) => {
  const debugpy = debugpyFor(python);
  const needs = test.skipIf(debugpy === null);

  needs('setExpression, stepInTargets, goto, modules and the ids of hit breakpoints', async () => {
    const file = at.script(PROGRAM);
    const editor = at.start();
    const set = await editor.begin(
      { program: file, python, lineDebugging: 'on', debugpy },
      { lines: { file, breakpoints: [{ line: 2, condition: 'False' }, { line: lineOf('# here') }] } },
    );
    expect((await editor.take('capabilities')).body.capabilities).toMatchObject({
      supportsGotoTargetsRequest: true,
      supportsStepInTargetsRequest: true,
      supportsModulesRequest: true,
    });
    const stops = [await editor.place(), await editor.place()];
    const hits = editor.events.filter((each) => each.event === 'stopped').map((each) => each.body.hitBreakpointIds);
    expect(hits).toEqual([[set[1]?.id], [set[1]?.id]]);
    expect(new Set(stops.map((each) => each.frameId)).size).toBe(2);
    const [first, second] = stops as [(typeof stops)[0], (typeof stops)[0]];

    const changed = await editor.customRequest('setExpression', {
      expression: 'item["value"]',
      value: '-50',
      frameId: second.frameId,
    });
    expect(changed.body.value).toBe('-50');
    expect(await editor.evaluate(second, 'item["value"]')).toBe('-50');
    expect(await editor.evaluate(first, 'item["value"]')).toBe('4');
    const whole = await editor.customRequest('setExpression', {
      expression: 'item',
      value: '{"value": -60}',
      frameId: second.frameId,
    });
    const { variables } = (
      await editor.variablesRequest({
        variablesReference:
          whole.body.variablesReference ||
          (
            await editor.evaluateRequest({ expression: 'item', frameId: second.frameId })
          ).body.variablesReference,
      })
    ).body;
    expect(variables.map((each) => each.value)).toContain('-60');

    const { targets } = (await editor.stepInTargetsRequest({ frameId: second.frameId })).body;
    if (version >= '3.8') {
      const double = targets.find((each) => each.label.startsWith('double'));
      expect(double).toBeDefined();
      await editor.stepInRequest({ threadId: second.threadId, targetId: double?.id ?? 0 });
      const inside = await editor.place();
      expect([inside.threadId, inside.line]).toEqual([second.threadId, 3]);
      expect(await editor.evaluate(inside, 'number')).toBe('60');
    }

    const goto = await editor.customRequest('gotoTargets', { source: { path: file }, line: lineOf('# there') });
    await editor.customRequest('goto', { threadId: first.threadId, targetId: goto.body.targets[0].id });
    const there = await editor.place();
    expect([there.threadId, there.line]).toEqual([first.threadId, lineOf('# there')]);
    const evaluated = await editor.customRequest('setExpression', {
      expression: 'result',
      value: '"jumped"',
      frameId: there.frameId,
    });
    expect(evaluated.body.value).toBe("'jumped'");

    const modules = (await editor.modulesRequest({})).body;
    expect(modules.modules.filter((each) => each.path === file).length).toBe(1);
    expect(modules.totalModules).toBe(modules.modules.length);
    expect(new Set(modules.modules.map((each) => each.id)).size).toBe(modules.modules.length);
    const part = (await editor.customRequest('modules', { startModule: 0, moduleCount: 1 })).body;
    expect(part.modules).toEqual(modules.modules.slice(0, 1));

    for (const { threadId } of stops) await editor.continueRequest({ threadId });
    await editor.take('terminated');
    const printed = editor.events.filter((each) => each.event === 'output' && each.body.category === 'stdout');
    // Newer Pythons warn, on standard error, about variables skipped by the jump.
    expect(
      printed
        .map((each) => each.body.output)
        .join('')
        .split('\n')
        .sort(),
    ).toEqual(['', '120', 'jumped']);
  });

  needs(
    'what is printed from the debug console is shown once; of a child whose output goes elsewhere, too',
    async () => {
      const file = at.script(`import os, sys
if os.fork() == 0:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    x = 1  # child
    os._exit(0)
os.wait()
x = 2  # parent
`);
      const editor = at.start();
      await editor.begin(
        { program: file, python, lineDebugging: 'on', debugpy },
        { lines: { file, breakpoints: [{ line: 4 }, { line: 7 }] } },
      );
      for (let n = 0; n < 2; n++) {
        const stop = await editor.place();
        await editor.evaluate(stop, `print("said at", ${stop.line}, flush=True)`, 'repl');
        await editor.evaluate(stop, `print("error at", ${stop.line}, file=sys.stderr, flush=True)`, 'repl');
        await editor.continueRequest({ threadId: stop.threadId });
      }
      await editor.take('terminated');
      expect(
        editor
          .output()
          .split('\n')
          .filter((each) => each !== '')
          .sort(),
      ).toEqual(['error at 4', 'error at 7', 'said at 4', 'said at 7']);
    },
  );

  test('without a line debugger: announced features work, and the others report why not', async () => {
    const file = at.script(PROGRAM);
    const editor = at.start();
    await editor.begin({ program: file, python, lineDebugging: 'off' }, { functions: [{ name: 'tasks.put' }] });
    expect(editor.events.some((each) => each.event === 'capabilities')).toBe(false);
    const stop = await editor.place();
    const set = await editor.customRequest('setExpression', {
      expression: 'tasks.note',
      value: '[1]',
      frameId: stop.frameId,
    });
    expect(set.body.value).toBe('[1]');
    const message = await editor.customRequest('setExpression', {
      expression: 'message',
      value: '7',
      frameId: stop.frameId,
    });
    expect(message.body.value).toBe('7');
    await expect(
      editor.customRequest('setExpression', { expression: '1 + 1', value: '7', frameId: stop.frameId }),
    ).rejects.toThrow(/SyntaxError/);
    expect((await editor.stepInTargetsRequest({ frameId: stop.frameId })).body.targets).toEqual([]);
    expect((await editor.customRequest('gotoTargets', { source: { path: file }, line: 1 })).body.targets).toEqual([]);
    await expect(editor.customRequest('goto', { threadId: stop.threadId, targetId: 1 })).rejects.toThrow(/at a line/);
    expect((await editor.modulesRequest({})).body).toEqual({ modules: [], totalModules: 0 });
    await editor.continueRequest({ threadId: stop.threadId });
    await editor.continueRequest({ threadId: (await editor.place()).threadId });
    await editor.take('terminated');
    expect(editor.output().split('\n').sort()).toEqual(['', '14', '8']);
  });
});
