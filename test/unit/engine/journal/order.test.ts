/** Events of several journals that are read while being written are applied in time order. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { applyEvent } from '../../../../server/core/model/apply/event';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import { SessionReader } from '../../../../server/engine/journal/sessionReader';
import * as v from '../../../../server/protocol/vocabulary';
import { journalBytes, type Slot } from '../../../fuzz/build';
import { META } from '../../fakes/session';

vi.mock('../../../../server/core/model/apply/event', () => ({ applyEvent: vi.fn() }));

/** The times of one process's events, ms since the journals were created; null has a number but is not published. */
type Written = readonly (number | null)[];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forkscope-test-'));
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const at = (ms: number) => BigInt(1e9 + ms * 1e6);
function slot(ms: number | null): Slot {
  const time = at(ms ?? 0);
  return {
    kind: ms === null ? 0 : v.KIND_RECV,
    outcome: v.OUTCOME_OK,
    flags: 0,
    skew: ms === null ? -1 : 0,
    t0: time,
    t1: time,
    thread: 1n,
    obj: 0n,
    loc: 0,
    size: 0,
    a: 0n,
    b: 0n,
    data: new Uint8Array(),
  };
}

/**
 * A session of two processes. `write` defines what they have written so far; `poll` returns what was applied since, by
 * process and time.
 */
function session(shiftOf?: (journal: string, pid: number) => number | null, parents = [0, 0]) {
  const model = new SessionModel(META);
  const applied: string[] = [];
  vi.mocked(applyEvent).mockImplementation((_model, image, { t1 }) => {
    applied.push(`${image.process.pid === 4001 ? 'a' : 'b'}${(t1 - 1e9) / 1e6}`);
  });
  let now = 0;
  const reader = new SessionReader(folder, model, () => 1e9 + now * 1e6, shiftOf);
  const write = (a: Written, b: Written) => {
    for (const [uid, written] of [a, b].entries())
      writeFileSync(
        join(folder, `${4001 + uid}-0000000${uid + 1}${v.JOURNAL_SUFFIX}`),
        journalBytes(uid + 1, parents[uid] as number, [], written.map(slot), [], []),
      );
  };
  const poll = (ms: number): string[] => {
    now = ms;
    vi.setSystemTime(ms);
    reader.poll();
    return applied.splice(0);
  };
  return { write, poll };
}

test('an event behind one that was too recent in the last poll is applied before later events of others', () => {
  const { write, poll } = session();
  write([10], []);
  expect(poll(12)).toEqual([]);
  write([10, 20], [30]);
  expect(poll(50)).toEqual(['a10', 'a20', 'b30']);
});

test('a gap that may be filled blocks later events', () => {
  const { write, poll } = session();
  write([5, null, 20], [10, 30]);
  expect(poll(50)).toEqual(['a5']);
  expect(poll(60)).toEqual([]);
  write([5, 10, 20], [11, 30]);
  expect(poll(70)).toEqual(['a10', 'b11', 'a20', 'b30']);
});

test('a gap that is never filled is passed, and later gaps of that journal are not waited for', () => {
  const { write, poll } = session();
  write([null, 20], [30]);
  expect(poll(1000)).toEqual([]);
  expect(poll(1200)).toEqual(['a20', 'b30']);
  write([null, 20, null, 40], [30, 50]);
  expect(poll(1300)).toEqual(['b50']);
  expect(poll(1500)).toEqual(['a40']);
});

test('times of a process with its own clock are converted to that of the others', () => {
  const { write, poll } = session((_journal, pid) => (pid === 4001 ? 0 : -1000e6));
  write([10, 30], [1020, 1040]);
  expect(poll(60)).toEqual(['a10', 'b20', 'a30', 'b40']);
});

test("a process with an unknown clock has its parent's clock", () => {
  const { write, poll } = session((_journal, pid) => (pid === 4001 ? -1000e6 : null), [0, 1]);
  write([1010, 1030], [1020]);
  expect(poll(60)).toEqual(['a10', 'b20', 'a30']);
});

test.each([[[2, 1]], [[1, 2]]])('parents %j with unknown clocks are queried once each', (parents) => {
  const asked = vi.fn(() => null);
  const { write, poll } = session(asked, parents);
  write([10, 30], [20]);
  expect(poll(60)).toEqual(['a10', 'b20', 'a30']);
  expect(asked).toHaveBeenCalledTimes(2);
});
