/** The debugger's own buttons on messages, in a whole VS Code: Call Stack, Variables, the highlighted line; from the first put to the last get. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../shared/until';
import { type Code, openCode } from './harness';

const PROGRAM = `import multiprocessing
import pathlib


def consume(tasks):
    seen = []
    while True:
        item = tasks.get()
        if item is None:
            break
        seen.append(item * 10)
    pathlib.Path(__file__).with_name("seen.txt").write_text(str(seen))


if __name__ == "__main__":
    tasks = multiprocessing.Queue()
    consumer = multiprocessing.Process(target=consume, args=(tasks,), name="consumer")
    consumer.start()
    for number in range(1, 4):
        tasks.put({"number": number, "text": "item %d" % number}["number"])
    tasks.put(None)
    consumer.join()
`;
const [GET, PUT, LAST_PUT] = ['8', '20', '21'];

describe('stepping messages in VS Code', function () {
  this.timeout(240_000);
  let code: Code;
  before(async () => {
    code = await openCode({
      settings: {
        'forkscope.console': 'internalConsole',
        'forkscope.openPanelOnRun': false,
        'debug.internalConsoleOptions': 'neverOpen',
        'debug.toolBarLocation': 'floating',
      },
    });
  });
  after(async () => {
    await code?.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await code.screenshot('failed-stepping');
  });

  const row = (view: string, text: string | RegExp) =>
    code.page.locator(`.debug-${view} .monaco-list-row`, { hasText: text }).first();
  const stack = () => code.page.locator('.debug-call-stack .monaco-list-row').allTextContents();
  const stopped = (what: RegExp) => until(`a row ${what}`, stack, (all) => all.some((each) => what.test(each)));
  const press = (button: string) =>
    code.page.locator(`.debug-toolbar .action-label[aria-label^="${button}"]`).first().click();
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
  const standsAt = (line: string) => until('the highlighted line', highlighted, (shown) => shown === line);
  /** The Variables view shows this message, of a process that stands at this operation. */
  const messageIs = (operation: 'put' | 'get', value: string) =>
    until(
      `the message ${value} of a ${operation}`,
      async () =>
        (await code.page.locator('.debug-variables .monaco-list-row').allInnerTexts()).map((each) =>
          each.replace(/\s+/g, ' ').trim(),
        ),
      (all) => all.includes(`message = ${value}`) && all.includes(`operation = ${operation}`),
    );
  /** Chooses a process in the Call Stack, as soon as it stands like that. */
  const choose = async (name: string, standing: RegExp, line: string) => {
    await stopped(standing);
    await row('call-stack', name).click();
    await standsAt(line);
  };

  const letConsumerGo = async () => {
    await press('Continue');
    await until('the consumer on its way', stack, (all) => !all.some((each) => /Paused on get/.test(each)));
  };

  it('stops at a put that a function breakpoint names, with the message and the line', async () => {
    writeFileSync(join(code.folder, 'steps.py'), PROGRAM);
    await code.command('View: Show Run and Debug');
    await code.command('Function Breakpoint');
    await code.page.locator('.breakpoints-view input, .debug-breakpoints input').first().fill('tasks.put');
    await code.page.keyboard.press('Enter');
    await code.openFile('steps.py');
    await code.command('Run Python File in Forkscope');
    const rows = await stopped(/Paused on put of tasks/);
    assert.ok(
      rows.some((each) => /steps\.py \(pid \d+\)/.test(each)),
      rows.join('\n'),
    );
    await standsAt(PUT);
    await messageIs('put', '1');
    await code.screenshot('step-put');
  });

  it('step into jumps to the process that receives it', async () => {
    await press('Step Into');
    const rows = await stopped(/Paused on get of tasks/);
    assert.ok(
      rows.some((each) => /consumer \(pid \d+\)/.test(each)),
      rows.join('\n'),
    );
    await choose('consumer (pid', /Paused on get of tasks/, GET);
    await messageIs('get', '1');
    await code.screenshot('step-get');
    await letConsumerGo();
  });

  it('set value: the consumer computes with the edited message', async () => {
    await choose('steps.py (pid', /Paused on put of tasks/, PUT);
    await messageIs('put', '2');
    await press('Step Into');
    await choose('consumer (pid', /Paused on get of tasks/, GET);
    await messageIs('get', '2');
    await row('variables', /^message/).dblclick();
    const input = code.page.locator('.debug-variables .monaco-list-row input').first();
    await input.fill('50 + 5');
    await input.press('Enter');
    await messageIs('get', '55');
    await code.screenshot('step-edited');
    await letConsumerGo();
  });

  it('drop, from the menu of the Variables view; step over goes to the next operation', async () => {
    await choose('steps.py (pid', /Paused on put of tasks/, PUT);
    await messageIs('put', '3');
    await code.chooseFor(row('variables', /^message/), 'Drop This Message');
    await press('Step Over');
    await standsAt(LAST_PUT);
  });

  it('step into the last one, and on to the end: what was dropped was never seen', async () => {
    await press('Step Into');
    await choose('consumer (pid', /Paused on get of tasks/, GET);
    await messageIs('get', 'None');
    await code.command('Remove All Breakpoints');
    await press('Continue All Processes');
    await until('the end', stack, (all) => all.length === 0);
    const file = join(code.folder, 'seen.txt');
    assert.equal(existsSync(file) && readFileSync(file, 'utf8'), '[10, 550]');
  });
});
