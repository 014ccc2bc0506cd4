/** The view of a session does not depend on the order in which its processes' events are read, live or afterwards. */
import { describe, expect, test } from 'vitest';
import { applyImage } from '../../../../server/core/model/apply/image';
import { applyRecord } from '../../../../server/core/model/apply/record';
import type { RecordFields } from '../../../../server/core/model/input/fields';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import { checkedShown, shownBy } from '../../../../server/engine/recording/shown';
import { makeReport } from '../../../../server/engine/report/report';
import * as v from '../../../../server/protocol/vocabulary';
import { emit } from '../../fakes/model';
import { META } from '../../fakes/session';

type Word = (model: SessionModel) => void;

/** Interleavings of several journals: the events of each journal stay in order. */
function* mixtures(journals: readonly (readonly Word[])[], count: number): Iterable<readonly Word[]> {
  let seed = 7;
  const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x80000000;
  };
  for (let round = 0; round < count; round++) {
    const left = journals.map((each) => [...each]);
    // A different journal is read last each time.
    const late = Math.floor(random() * left.length);
    const mixed: Word[] = [];
    for (;;) {
      const open = left.filter((each) => each.length > 0);
      if (open.length === 0) break;
      const ready = open.length > 1 && round % 2 === 0 ? open.filter((each) => each !== left[late]) : open;
      mixed.push(ready[Math.floor(random() * ready.length)]?.shift() as Word);
    }
    yield mixed;
  }
}

const QUEUE = 77;
const WORKERS = [1, 2, 3];

/** @param staffed whether its workers exist from the beginning */
function poolOf(words: readonly Word[], staffed = true) {
  const model = new SessionModel(META);
  const main = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, main, { type: 'process', t: 1000, argv: ['s.py'], python: '3.13' });
  applyRecord(model, main, { type: 'pool', t: 1000, id: QUEUE, kind: 'Pool', size: WORKERS.length, name: 'pool' });
  for (const number of WORKERS) {
    const image = applyImage(model, 1 + number, 1 + number, 1, 1000);
    if (staffed)
      applyRecord(model, image, { type: 'poolWorker', t: 1000, id: QUEUE, pid: 1 + number, worker: `w${number}` });
  }
  for (const word of words) word(model);
  model.state = 'ended';
  return makeReport(model, 0, []).pools[0];
}

/** @param image index of the worker's image */
function task(image: number, kind: number, at: number, job: number, outcome = v.OUTCOME_OK): Word {
  return (model) => {
    const of = model.processes.images[image];
    if (of !== undefined) emit(model, of, { kind, outcome, t0: at, t1: at, thread: 9, obj: QUEUE, a: job, text: 'f' });
  };
}

describe('a pool', () => {
  const begun = (job: number) => 10e6 + Math.floor(job / 4) * 9e6;
  const journals: Word[][] = [[], ...WORKERS.map((): Word[] => [])];
  // Rounds of four with pauses, so that the pool is idle in between.
  for (let job = 0; job < 40; job++) {
    const [main, worker] = [journals[0], journals[1 + (job % WORKERS.length)]] as [Word[], Word[]];
    const at = begun(job) + (job % 4) * 1e6;
    main.push(task(0, v.KIND_TASK_SUBMIT, at, job));
    worker.push(task(1 + (job % WORKERS.length), v.KIND_TASK_START, at + 0.5e6, job));
    worker.push(task(1 + (job % WORKERS.length), v.KIND_TASK_END, at + 1.5e6, job));
  }

  test('is shown the same', () => {
    const inOrder = journals.flat();
    const expected = poolOf(inOrder);
    expect(expected).toMatchObject({ submitted: 40, completed: 40, medianMs: 1, medianWaitMs: expect.closeTo(0.5, 2) });
    // Each task takes 1.5 ms from its submission, each round 4.5 ms; 1 ms of a task is run time, which gives the
    // average.
    expect(expected?.averageBusy).toBe(Math.round((40 / (10 * 4.5)) * 100) / 100);
    for (const mixed of mixtures(journals, 50)) expect(poolOf(mixed)).toEqual(expected);
  });

  test('lists its workers in the order of their start', () => {
    const began =
      (image: number, at: number): Word =>
      (model) =>
        applyRecord(model, model.processes.images[image] as never, {
          type: 'poolWorker',
          t: at,
          id: QUEUE,
          pid: 1 + image,
          worker: '',
        });
    const words = [[began(1, 900)], [began(2, 800)], [began(3, 950)]];
    for (const mixed of mixtures(words, 10)) expect(poolOf(mixed, false)?.workers).toEqual(['p3', 'p2', 'p4']);
  });

  test.each([
    ['cannot be pickled', v.OUTCOME_FAILED, { state: 'open' }],
    ['finds its pool broken', v.OUTCOME_BROKEN, { state: 'broken' }],
  ])('recognizes a call that %s before its submission is recorded', (_, outcome, more) => {
    const words = [task(0, v.KIND_TASK_RESULT, 3e6, 0, outcome), task(0, v.KIND_TASK_SUBMIT, 2e6, 0)];
    expect(poolOf(words)).toMatchObject({ submitted: 1, started: 0, failed: 1, pending: 0, lost: 0, ...more });
  });

  test('that broke before a result arrived has failed at it, whichever journal is read first', () => {
    const words = [
      [
        task(0, v.KIND_TASK_SUBMIT, 2e6, 0),
        task(0, v.KIND_TASK_SUBMIT, 2e6, 1),
        ...[0, 1].map((job) => task(0, v.KIND_TASK_RESULT, 9e6, job, v.OUTCOME_BROKEN)),
      ],
      [task(1, v.KIND_TASK_START, 3e6, 0), task(1, v.KIND_TASK_END, 4e6, 0)],
      [task(2, v.KIND_TASK_START, 3e6, 1)],
    ];
    for (const mixed of mixtures(words, 30)) {
      const counts = { submitted: 2, started: 2, completed: 0, failed: 2, pending: 0, running: 0, lost: 0 };
      expect(poolOf(mixed)).toMatchObject({ ...counts, state: 'broken' });
    }
  });
});

describe('connections', () => {
  const endpoint = (image: number, id: number, at: number, more: RecordFields): Word => {
    const record = { type: 'endpoint', kind: 'socket', t: at, id, mode: 'rw', loc: 0, owner: 'user', ...more };
    return (model) => applyRecord(model, model.processes.images[image] as never, record);
  };
  const words = [
    [endpoint(0, 11, 2000, { key: '9:1', word: 'a' }), endpoint(0, 12, 2100, { key: '9:2', word: 'b' })],
    [endpoint(1, 21, 2010, { key: '9:3', word: 'a', name: 'client' })],
    [endpoint(2, 31, 2110, { key: '9:4', word: 'b' }), endpoint(2, 32, 2200, { key: '9:5' })],
  ];
  const view = (order: readonly Word[], shown = checkedShown(undefined)) => {
    const model = new SessionModel(META, { shown: shown ?? undefined });
    for (const pid of [1, 2, 3]) applyImage(model, pid, pid, 0, 1000);
    for (const word of order) word(model);
    return { model, report: makeReport(model, 0, []) };
  };

  test('have the same names and ids in a recording as live', () => {
    const recorded = words.flat();
    const seen = new Set<string>();
    for (const mixed of mixtures(words, 30)) {
      const live = view(mixed);
      const shown = checkedShown(JSON.parse(JSON.stringify(shownBy(live.model))));
      expect(shown).not.toBeNull();
      const again = view(recorded, shown);
      const byId = (report: typeof live.report) => new Map(report.channels.map((each) => [each.id, ends(each)]));
      expect(byId(again.report)).toEqual(byId(live.report));
      seen.add(JSON.stringify([...byId(live.report).keys()]));
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  function ends<C extends { endpoints: readonly unknown[] }>(channel: C) {
    return { ...channel, endpoints: channel.endpoints.map((each) => JSON.stringify(each)).sort() };
  }

  test.each([[null], [{ ends: { c1: ['c2', 3] } }], [{ ends: { x: ['c2', 0] } }], [{ names: { c1: 5 } }], [[]]])(
    'are not shown as %j says',
    (value) => expect(checkedShown(value)).toBeNull(),
  );
});
