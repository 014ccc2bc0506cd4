/** Step Out, Pause of a running and of a blocked process, and freezing the others. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../shared/until';
import type { Ide } from './ide';

/** Loops until it is asked to stop. */
export const PAUSING = `import multiprocessing
import os
import time


def work(tasks, results):
    while True:
        item = tasks.get()
        if item is None:
            break
        results.put(item * 2)


def idle(orders):
    orders.get()


if __name__ == "__main__":
    tasks = multiprocessing.Queue()
    results = multiprocessing.Queue()
    orders = multiprocessing.Queue()
    worker = multiprocessing.Process(target=work, args=(tasks, results), name="worker")
    idler = multiprocessing.Process(target=idle, args=(orders,), name="idler")
    worker.start()
    idler.start()
    number, right = 0, 0
    while not os.path.exists("enough"):
        number += 1
        tasks.put(number)
        right += results.get() == number * 2
        time.sleep(0.01)
    tasks.put(None)
    orders.put(None)
    worker.join()
    idler.join()
    with open("rounds.txt", "w") as file:
        file.write("right" if right == number else "wrong")
`;
const [TASKS_GET, ORDERS_GET, TASKS_PUT, RESULTS_GET] = ['8', '15', '29', '30'];

export function pausing(ide: Ide): void {
  /** The number sent from the line where the main process is paused. */
  const number = async (): Promise<number> => {
    const rows = await until('the message', ide().debug.variables, (all) =>
      all.some((each) => /^message = \d+$/.test(each)),
    );
    return Number(rows.find((each) => each.startsWith('message = '))?.split(' = ')[1]);
  };

  it('Pause shows at once where a process is blocked, and Continue leaves it there', async () => {
    const { code, debug } = ide();
    await debug.start('rounds.py');
    await debug.stopped(/idler \(pid \d+\): blocked in orders\.get\(\)/);
    await debug.row('call-stack', 'idler (pid').click();
    await debug.press('Pause');
    const rows = await debug.stopped(/idler \(pid \d+\)In orders\.get\(\) \d+\.\d s/);
    assert.ok(
      rows.some((each) => /worker \(pid \d+\).*Running/.test(each)),
      rows.join('\n'),
    );
    await debug.standsAt(ORDERS_GET);
    await code.screenshot('pause-waiting');
    await debug.press('Continue');
    await debug.stopped(/idler \(pid \d+\): blocked in orders\.get\(\)/);
  });

  it('Pause stops a running process at its next operation, Step Over at the one after it', async () => {
    const { debug } = ide();
    await debug.row('call-stack', 'rounds.py (pid').click();
    await debug.press('Pause');
    const rows = await debug.stopped(/rounds\.py \(pid \d+\)Paused on (put|get)/);
    if (rows.some((each) => /Paused on get/.test(each))) {
      await debug.standsAt(RESULTS_GET);
      await debug.press('Step Over');
    }
    await debug.standsAt(TASKS_PUT);
    assert.ok((await number()) > 0);
  });

  it('Step Out goes to the next operation on the same channel', async () => {
    const { debug } = ide();
    const before = await number();
    await debug.press('Step Out');
    await debug.messageIs('put', String(before + 1));
    await debug.standsAt(TASKS_PUT);
    await debug.stopped(/rounds\.py \(pid \d+\)Paused on put/);
  });

  it('Freeze suspends every other process at its next operation, until it is pressed again', async () => {
    const { code, debug } = ide();
    const sent = await number();
    await debug.press('Freeze/Unfreeze');
    await debug.press('Step Over');
    await debug.stopped(/worker \(pid \d+\)Held/);
    await debug.choose('worker (pid', /Held/, TASKS_GET);
    await debug.messageIs('get', String(sent));
    const held = await debug.stopped(/rounds\.py \(pid \d+\): blocked in results\.get\(\)/);
    assert.ok(!held.some((each) => /Paused/.test(each)), held.join('\n'));
    await code.screenshot('freeze-held');
    await debug.press('Freeze/Unfreeze');
    await debug.choose('rounds.py (pid', /Paused on get/, RESULTS_GET);
    await debug.messageIs('get', String(sent * 2));
    assert.ok((await debug.stack()).every((each) => !/Held/.test(each)));
  });

  it('Continue resumes it, and the program ends as it would have', async () => {
    const { code, debug } = ide();
    writeFileSync(join(code.folder, 'enough'), '');
    await debug.press('Continue');
    await debug.ended();
    const file = join(code.folder, 'rounds.txt');
    assert.equal(existsSync(file) && readFileSync(file, 'utf8'), 'right');
  });
}
