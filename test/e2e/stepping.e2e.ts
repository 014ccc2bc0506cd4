/**
 * The debugger's own buttons on messages, in a whole VS Code: Call Stack, Variables, the highlighted line; from the
 * first put to the last get.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../shared/until';
import { Debugger } from './debugger';
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
  let debug: Debugger;
  before(async () => {
    code = await openCode({
      settings: {
        'forkscope.console': 'internalConsole',
        'forkscope.openPanelOnRun': false,
        'debug.internalConsoleOptions': 'neverOpen',
        'debug.toolBarLocation': 'floating',
      },
    });
    debug = new Debugger(code);
  });
  after(async () => {
    await code?.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await code.screenshot('failed-stepping');
  });

  const letConsumerGo = async () => {
    await debug.press('Continue');
    await until('the consumer on its way', debug.stack, (all) => !all.some((each) => /Paused on get/.test(each)));
  };

  it('pauses at a put named by a function breakpoint, with the message and the line', async () => {
    writeFileSync(join(code.folder, 'steps.py'), PROGRAM);
    await code.command('View: Show Run and Debug');
    await debug.breakAt('tasks.put');
    await code.openFile('steps.py');
    await code.command('Run Python File in Forkscope');
    const rows = await debug.stopped(/Paused on put/);
    assert.ok(
      rows.some((each) => /steps\.py \(pid \d+\)/.test(each)),
      rows.join('\n'),
    );
    await debug.standsAt(PUT);
    await debug.messageIs('put', '1');
    await code.screenshot('step-put');
  });

  it('step into jumps to the receiving process', async () => {
    await debug.press('Step Into');
    const rows = await debug.stopped(/Paused on get/);
    assert.ok(
      rows.some((each) => /consumer \(pid \d+\)/.test(each)),
      rows.join('\n'),
    );
    await debug.choose('consumer (pid', /Paused on get/, GET);
    await debug.messageIs('get', '1');
    await code.screenshot('step-get');
    await letConsumerGo();
  });

  it('set value: the consumer computes with the edited message', async () => {
    await debug.choose('steps.py (pid', /Paused on put/, PUT);
    await debug.messageIs('put', '2');
    await debug.press('Step Into');
    await debug.choose('consumer (pid', /Paused on get/, GET);
    await debug.messageIs('get', '2');
    await debug.row('variables', /^message/).dblclick();
    await debug.type('variables', '50 + 5');
    await debug.messageIs('get', '55');
    await code.screenshot('step-edited');
    await letConsumerGo();
  });

  it('drop, in the menu of the Variables view; step over goes to the next operation', async () => {
    await debug.choose('steps.py (pid', /Paused on put/, PUT);
    await debug.messageIs('put', '3');
    await code.chooseFor(debug.row('variables', /^message/), 'Drop Message');
    await debug.press('Step Over');
    await debug.standsAt(LAST_PUT);
  });

  it('step into the last one, and on to the end: the dropped message was never received', async () => {
    await debug.press('Step Into');
    await debug.choose('consumer (pid', /Paused on get/, GET);
    await debug.messageIs('get', 'None');
    await code.command('Remove All Breakpoints');
    await debug.press('Continue All Processes');
    await debug.ended();
    const file = join(code.folder, 'seen.txt');
    assert.equal(existsSync(file) && readFileSync(file, 'utf8'), '[10, 550]');
  });
});
