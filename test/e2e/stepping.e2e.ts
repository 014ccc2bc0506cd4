/** The debugger's own buttons on messages, in a whole VS Code: Call Stack, Variables, the highlighted line. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Code, openCode, until } from './harness';

const PROGRAM = `import multiprocessing


def consume(tasks, results):
    while True:
        item = tasks.get()
        if item is None:
            break
        results.put(item * 10)


if __name__ == "__main__":
    tasks = multiprocessing.Queue()
    results = multiprocessing.Queue()
    consumer = multiprocessing.Process(target=consume, args=(tasks, results), name="consumer")
    consumer.start()
    total = 0
    for number in range(1, 4):
        tasks.put({"number": number, "text": "item %d" % number}["number"])
        total += results.get()
    tasks.put(None)
    consumer.join()
    print("total", total)
`;

describe('stepping messages in VS Code', function () {
  this.timeout(240_000);
  let code: Code;
  before(async () => {
    code = await openCode({
      settings: {
        'forkscope.console': 'internalConsole',
        'forkscope.openPanelOnRun': false,
        'debug.internalConsoleOptions': 'neverOpen',
      },
    });
  });
  after(async () => {
    await code?.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await code.screenshot('failed-stepping');
  });

  const stack = () => code.page.locator('.debug-call-stack .monaco-list-row').allTextContents();
  const highlighted = async (): Promise<string> => {
    const line = code.page.locator('.view-overlays .debug-top-stack-frame-line').first();
    const box = await line.boundingBox();
    if (box === null) return '';
    const numbers = await code.page
      .locator('.margin-view-overlays .line-numbers')
      .evaluateAll((all) =>
        all.map((each) => ({ top: each.getBoundingClientRect().top, text: each.textContent ?? '' })),
      );
    return numbers.find((each) => Math.abs(each.top - box.y) < 4)?.text ?? '';
  };

  it('stops at a put that a function breakpoint names, with the message and the line', async () => {
    writeFileSync(join(code.folder, 'steps.py'), PROGRAM);
    await code.command('View: Show Run and Debug');
    await code.command('Function Breakpoint');
    await code.page.locator('.breakpoints-view input, .debug-breakpoints input').first().fill('tasks.put');
    await code.page.keyboard.press('Enter');
    await code.openFile('steps.py');
    await code.command('Run Python File in Forkscope');
    const rows = await until('a stop', stack, (all) => all.some((row) => /Paused on put of tasks/.test(row)));
    assert.ok(
      rows.some((row) => /steps\.py \(pid \d+\)/.test(row)),
      rows.join('\n'),
    );
    await until('the highlighted line', highlighted, (line) => line === '19');
    await until(
      'the message',
      () => code.page.locator('.debug-variables .monaco-list-row').allInnerTexts(),
      (all) => all.some((row) => /message[\s\S]*1/.test(row)),
    );
    await code.screenshot('step-put');
  });

  it('step into jumps to the process that receives it', async () => {
    await code.command('Debug: Step Into');
    const rows = await until('the receiver', stack, (all) => all.some((row) => /Paused on get of tasks/.test(row)));
    assert.ok(
      rows.some((row) => /consumer \(pid \d+\)/.test(row)),
      rows.join('\n'),
    );
    await until('the highlighted line', highlighted, (line) => line === '6');
    await code.screenshot('step-get');
  });

  it('goes on to the end', async () => {
    await code.command('Remove All Breakpoints');
    await code.command('Forkscope: Continue All Processes');
    await until('the end', stack, (all) => all.length === 0);
  });
});
