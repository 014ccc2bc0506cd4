/** A program that wrote more events than its journals hold: the remaining events are matched in the end. */
import { afterAll, expect, test } from 'vitest';
import { channelStatus } from '../../../../server/core/model/project/channels';
import { makeReport } from '../../../../server/engine/report/report';
import { sourceAt } from '../../../../server/engine/session/open';
import { Session } from '../../../../server/engine/session/session';
import { Workplace } from '../../../shared/workplace';
import { start, until } from './programs';

const place = new Workplace();
afterAll(() => place.dispose());

const ROUNDS = 5000;
const PROGRAM = `
import multiprocessing
def answer(tasks, answers):
    for _ in range(${ROUNDS}):
        answers.put(tasks.get())
if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    tasks, answers = multiprocessing.SimpleQueue(), multiprocessing.Queue()
    child = multiprocessing.Process(target=answer, args=(tasks, answers))
    child.start()
    for number in range(${ROUNDS}):
        tasks.put(number)
        assert answers.get() == number
    child.join()
`;

test.skipIf(process.platform === 'win32')('after a loss each message still has its own receive', async () => {
  const before = process.env['FORKSCOPE_OPTIONS'];
  process.env['FORKSCOPE_OPTIONS'] = 'ring=16384';
  const running = start(place.write('rounds.py', PROGRAM));
  if (before === undefined) delete process.env['FORKSCOPE_OPTIONS'];
  else process.env['FORKSCOPE_OPTIONS'] = before;
  await running.ended;
  const session = new Session(await sourceAt(running.folder));
  try {
    await until('all is read', async () => {
      await session.refresh();
      return session.finished;
    });
    const { model } = session;
    expect(model.dropped).toBeGreaterThan(ROUNDS);
    const pairs = Array.from({ length: model.messages.count }, (_, id) => model.messages.entry(id)).filter(
      (each) => each !== null && each.sentAt >= 0 && each.receivedAt >= 0,
    );
    expect(pairs.length).toBeGreaterThan(5);
    for (const each of pairs) expect(each?.receivedAt).toBeGreaterThanOrEqual(each?.sentAt ?? Number.NaN);
    expect(makeReport(model, 0, []).messages.unmatchedSends).toBe(0);
    const counts = model.channels.all.map((each) => channelStatus(each, null));
    expect(counts.map(({ sends, receives, depth, depthMax }) => [sends, receives, depth, depthMax])).toEqual([
      [ROUNDS, ROUNDS, 0, 1],
      [ROUNDS, ROUNDS, 0, 1],
    ]);
  } finally {
    running.kill();
    session.dispose(true);
  }
});
