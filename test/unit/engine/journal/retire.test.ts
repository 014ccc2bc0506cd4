/**
 * Journals of ended processes cost nothing: they are read to their end once, and closed. Measured in work, not in time.
 */

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

const CHILDREN = 300;
const MAIN = 1;

let folder: string;
let model: SessionModel;
let reader: SessionReader;
let now = 0;
const applied: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forkscope-test-'));
  vi.useFakeTimers({ toFake: ['Date'] });
  model = new SessionModel(META);
  vi.mocked(applyEvent).mockImplementation((_model, image, { t1 }) => {
    applied.push(`${image.pid} ${(t1 - 1e9) / 1e6}`);
  });
  reader = new SessionReader(folder, model, () => 1e9 + now * 1e6);
  applied.length = 0;
});
afterEach(() => {
  reader.dispose();
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

function slot(ms: number): Slot {
  const time = BigInt(1e9 + ms * 1e6);
  const rest = { loc: 0, a: 0n, b: 0n, data: Buffer.from('payload') };
  return {
    kind: v.KIND_SEND,
    outcome: 0,
    flags: 0,
    skew: 0,
    t0: time,
    t1: time,
    thread: 1n,
    obj: 7n,
    size: 7,
    ...rest,
  };
}
function write(uid: number, records: readonly object[], events: readonly number[]): void {
  const parts = records.map((each) => ({ text: JSON.stringify(each), skew: 0, last: v.META_KIND_LAST }));
  const name = `${4000 + uid}-${uid.toString(16)}${v.JOURNAL_SUFFIX}`;
  writeFileSync(join(folder, name), journalBytes(uid, uid === MAIN ? 0 : MAIN, parts, events.map(slot), [], []));
}
function poll(ms: number): void {
  now = ms;
  vi.setSystemTime(Date.UTC(2100, 0, 1) + ms);
  reader.poll({ slots: true });
}

/** A main process that has reaped all its children. */
function family(): void {
  const reaps = Array.from({ length: CHILDREN }, (_, index) => ({
    type: 'reap',
    t: 1e9 + 50e6,
    pid: 4000 + MAIN + 1 + index,
    code: 0,
    signal: null,
  }));
  write(MAIN, [{ type: 'process', t: 1e9 }, ...reaps], []);
  for (let uid = MAIN + 1; uid <= MAIN + CHILDREN; uid++) write(uid, [{ type: 'process', t: 1e9 + uid }], [10]);
}

test('a retired journal is neither open nor polled, except one at a time in turn', () => {
  family();
  poll(100);
  expect(applied.length).toBe(CHILDREN);
  expect([model.alive, reader.work.open]).toEqual([1, CHILDREN + 1]);
  poll(200);
  poll(2000);
  poll(2100);
  expect(reader.work).toEqual({ open: 1, visited: 2, listings: 1 });
  poll(2200);
  expect(reader.work).toEqual({ open: 1, visited: 2, listings: 1 });
});

test('a payload in a retired journal is still readable, and the journal is closed again', () => {
  family();
  for (const ms of [100, 200, 2000, 2100]) poll(ms);
  const child = model.processes.images.at(-1)?.number ?? -1;
  expect(reader.payload(child, 0)?.bytes.toString()).toBe('payload');
  expect(reader.work.open).toBe(1);
});

test('a late event in a retired journal is not lost, and the journal is polled from then on', () => {
  family();
  for (const ms of [100, 200, 2000, 2100]) poll(ms);
  applied.length = 0;
  write(MAIN + 5, [{ type: 'process', t: 1e9 + 6 }], [10, 2105]);
  for (let ms = 2200; ms < 2200 + CHILDREN * 10; ms += 10) poll(ms);
  expect(applied).toEqual([`${4000 + MAIN + 5} 2105`]);
  write(MAIN + 5, [{ type: 'process', t: 1e9 + 6 }], [10, 2105, 5300]);
  poll(5400);
  expect(applied.at(-1)).toBe(`${4000 + MAIN + 5} 5300`);
  applied.length = 0;
  write(MAIN + 9, [{ type: 'process', t: 1e9 + 10 }], [10, 5500]);
  reader.poll({ final: true });
  expect(applied).toEqual([`${4000 + MAIN + 9} 5500`]);
});

test('a new journal is found at once, though the folder is listed only when it has changed', () => {
  write(MAIN, [{ type: 'process', t: 1e9 }], []);
  poll(100);
  write(2, [{ type: 'process', t: 1e9 }], [150]);
  poll(300);
  expect(applied).toEqual(['4002 150']);
});

test('a recording is read completely, and no journal stays open', () => {
  family();
  const all = new SessionReader(folder, model, null);
  all.poll({ final: true });
  expect(applied.length).toBe(CHILDREN);
  expect(all.work.open).toBe(0);
  all.poll({ final: true });
  expect(all.work.visited).toBeLessThanOrEqual(1);
  all.dispose();
});
