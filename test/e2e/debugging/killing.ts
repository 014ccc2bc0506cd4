/**
 * Kills while a process is paused: nothing hangs, and the program continues or ends as it would have. (The extension
 * host: stops.e2e.ts.)
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../shared/until';
import { languageServers } from '../harness';
import type { Ide } from './ide';

export const KILLING = `import multiprocessing
import pathlib

HERE = pathlib.Path(__file__)


def consume(tasks):
    while tasks.get() is not None:
        pass


if __name__ == "__main__":
    tasks = multiprocessing.Queue()
    consumer = multiprocessing.Process(target=consume, args=(tasks,), name="consumer")
    consumer.start()
    tasks.put(1)
    consumer.join()
    HERE.with_name("code.txt").write_text(str(consumer.exitcode))
    total = 0
    for number in range(3):
        tasks.put(number)
        total += tasks.get()
    HERE.with_name("total.txt").write_text(str(total))
`;
const [GET, FIRST_PUT, PUT] = ['8', '16', '21'];

export function killing(ide: Ide): void {
  const written = (name: string) =>
    until(
      name,
      async () => existsSync(join(ide().code.folder, name)) && readFileSync(join(ide().code.folder, name), 'utf8'),
      Boolean,
    );

  it('a paused process is killed: it is gone, and a process that joins it continues', async () => {
    const { debug } = ide();
    await debug.breakAt('tasks.get');
    await debug.start('killed.py');
    await debug.choose('consumer (pid', /consumer \(pid \d+\)Paused on get/, GET);
    const pid = /consumer \(pid (\d+)\)/.exec((await debug.stack()).join('\n'))?.[1];
    await debug.breakAt('tasks.put');
    process.kill(Number(pid), 'SIGKILL');
    await debug.stoppedAlone(/Paused on put/);
    await debug.standsAt(PUT);
    const rows = await debug.stack();
    assert.ok(!rows.some((each) => each.includes('consumer')), rows.join('\n'));
    assert.equal(await written('code.txt'), '-9');
  });

  it('the server is killed: the paused process runs to its end, and the next program can be debugged', async () => {
    const { code, debug } = ide();
    const [server] = languageServers();
    assert.ok(server, 'there is a language server');
    process.kill(server, 'SIGKILL');
    assert.equal(await written('total.txt'), '3');
    await debug.ended();
    await code.command('Debug: Start Debugging');
    await debug.choose('killed.py (pid', /killed\.py \(pid \d+\)Paused on put/, FIRST_PUT);
    await debug.press('Stop');
    await debug.ended();
    await code.command('Remove All Breakpoints');
  });
}
