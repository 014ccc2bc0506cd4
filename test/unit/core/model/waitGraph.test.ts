/** The wait graph, where it has more edges than can be displayed. */
import { expect, test } from 'vitest';
import type { Blocked } from '../../../../server/core/model/entities/blocked';
import type { Process } from '../../../../server/core/model/entities/process';
import { Signals } from '../../../../server/core/model/entities/signals';
import { waitGraph } from '../../../../server/core/model/project/waitGraph';
import { blockersOf } from '../../../../server/core/model/project/waits';
import { Waits } from '../../../../server/core/model/query/waits';
import { BlockedThreads } from '../../../../server/core/model/state/blockedThreads';
import type { SessionModel } from '../../../../server/core/model/state/sessionModel';

/**
 * `count` processes that are all blocked in get on one queue shared by all of them, and one that waits for the last.
 */
function crowd(count: number): SessionModel {
  const end = { mode: 'rw', side: 0 };
  const channel: Record<string, unknown> = {
    id: 'c1',
    kind: 'Queue',
    name: 'tasks',
    isQueue: true,
    whole: true,
    duplex: false,
    owner: 'user',
    capacity: 0,
    depth: 0,
    directions: [{ sends: 0, receives: 0 }],
  };
  const blocked = new BlockedThreads();
  const all = Array.from({ length: count }, (_, index) => {
    const process: Record<string, unknown> = {
      id: `p${index}`,
      name: `worker-${index}`,
      origin: 'process',
      startMethod: 'fork',
      state: 'waiting',
      ended: index === 0,
      endedAt: index === 0 ? 1 : -1,
      image: {
        identified: true,
        threads: new Map(),
        threadsUnknown: false,
        ending: false,
        signals: new Signals(),
        parent: null,
      },
    };
    blocked.set(
      process as unknown as Process,
      [
        {
          process,
          thread: 'MainThread',
          target: '',
          ident: 1,
          operation: 'get',
          channel,
          end: null,
          lock: null,
          pool: null,
          joined: null,
          anyChild: false,
          since: 0,
          timeout: null,
          line: 0,
        },
      ] as unknown as Blocked[],
    );
    return process;
  });
  channel['uses'] = all.map((process) => ({ process, channel, end, open: true }));
  return {
    origin: 0,
    blocked,
    processes: { all, living: all.filter((each) => !each['ended']) },
    locations: { line: () => null },
  } as unknown as SessionModel;
}

test('few edges are all listed', () => {
  const waits = new Waits(crowd(10));
  const { edges, leftOut } = waitGraph(waits);
  expect(edges).toHaveLength(9 * 9); // the dead one waits for nothing, and is among those that could put
  expect(edges.every((each) => each.others === undefined)).toBe(true);
  expect(leftOut).toBeUndefined();
  expect(blockersOf(waits, waits.all[0] as Blocked)).toMatchObject({ named: { length: 9 }, more: 0 });
});

test('in a crowd each wait keeps some edges, live processes first, and the number of the others', () => {
  const waits = new Waits(crowd(300));
  const { edges, cycles } = waitGraph(waits);
  expect(edges).toHaveLength(299 * 3);
  expect(edges.every((each) => each.others === 296 && each.to !== 'p0')).toBe(true);
  expect(cycles).toHaveLength(1);
  const { named, more } = blockersOf(waits, waits.all[0] as Blocked) ?? { named: [], more: 0 };
  expect(named).toHaveLength(12);
  expect(named.some((each) => each.dead)).toBe(false);
  expect(more).toBe(287);
});

test('the total is bounded', () => {
  const { edges, leftOut } = waitGraph(new Waits(crowd(1200)));
  expect(edges).toHaveLength(3000);
  expect(leftOut).toBe(199);
});
