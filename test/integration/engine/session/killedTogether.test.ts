/** Programs whose processes are all killed at once: a wait between one death and the next is not a hang. */
import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { sourceAt } from '../../../../server/engine/session/open';
import { Session } from '../../../../server/engine/session/session';
import { Workplace } from '../../../shared/workplace';
import { start, until } from './programs';

const place = new Workplace();
afterAll(() => place.dispose());

function program(name: string, child: string, parent: string): string {
  return place.write(
    name,
    `import multiprocessing, time
def work(queue):
    ${child}
def main():
    queue = multiprocessing.Queue()
    worker = multiprocessing.Process(target=work, args=(queue,), name="worker")
    worker.start()
    ${parent}
if __name__ == "__main__":
    main()
`,
  );
}

function isDead(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
}

/**
 * Kills the child and then the parent, once the parent has been blocked that long (ms); returns the findings raised
 * afterwards.
 */
async function findingsAfter(script: string, waited: number): Promise<string[]> {
  const running = start(script);
  const session = new Session(await sourceAt(running.folder));
  try {
    const parent = await until('the parent waits', async () => {
      await session.refresh();
      const { main, blocked } = session.model;
      const wait = main === null ? undefined : blocked.of(main)[0];
      return wait !== undefined && Number(process.hrtime.bigint()) - wait.since > waited * 1e6 ? main : null;
    });
    const child = session.model.processes.all.find((each) => each.parent === parent);
    process.kill(child?.pid ?? 0, 'SIGTERM');
    await until('the child is dead', () => isDead(child?.pid ?? 0));
    session.lookSoon(); // notices the end
    await session.refresh();
    process.kill(parent.pid, 'SIGTERM');
    await running.ended;
    await until('all is read', async () => {
      await session.refresh();
      return session.finished;
    });
    return session.findings.map((each) => each.code);
  } finally {
    running.kill();
    session.dispose(true);
  }
}

test.skipIf(process.platform !== 'linux')('a get that would have got something is no hang', async () => {
  const script = program('sound.py', 'time.sleep(60); queue.put(1)', 'queue.get()');
  expect(await findingsAfter(script, 0)).toEqual([]);
});

test.skipIf(process.platform !== 'linux')('a deadlock that lasted is reported', async () => {
  const script = program('hangs.py', 'queue.get()', 'worker.join()');
  expect(await findingsAfter(script, 1500)).toEqual(['deadlock']);
});
