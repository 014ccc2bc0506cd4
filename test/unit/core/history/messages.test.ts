import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLOCK, MessageTimes } from '../../../../server/core/history/messageTimes';
import { PairCounts } from '../../../../server/core/history/pairCounts';

const MS = 1e6;
const messages = fc.array(fc.record({ gap: fc.nat(50), latency: fc.option(fc.nat(5000), { nil: null }) }), {
  maxLength: 1500,
});

test('no message that was under way in a window is missed', () => {
  fc.assert(
    fc.property(messages, fc.nat(40_000), fc.nat(3000), (list, from, length) => {
      const times = new MessageTimes();
      let at = 0;
      const all = list.map(({ gap, latency }, id) => {
        at += gap;
        times.began(id, at);
        times.departed(id);
        if (latency !== null) times.arrived(id, at + latency, true);
        return { sent: at, received: latency === null ? Number.POSITIVE_INFINITY : at + latency };
      });
      const blocks = new Set(times.overlapping(from, from + length));
      for (const [id, { sent, received }] of all.entries())
        if (sent <= from + length && received >= from) expect(blocks.has(Math.floor(id / BLOCK))).toBe(true);
    }),
  );
});

test('blocks that are over before a window are passed over', () => {
  const times = new MessageTimes();
  for (let id = 0; id < 10 * BLOCK; id++) {
    times.began(id, id * MS);
    times.departed(id);
    times.arrived(id, id * MS + 10, true);
  }
  expect(times.overlapping(5 * BLOCK * MS, 6 * BLOCK * MS - 1)).toEqual([5]);
});

test('counts of pairs are conserved, in sight or not', () => {
  const message = fc.record({
    channel: fc.nat(2),
    from: fc.nat(3),
    to: fc.nat(3),
    at: fc.nat(100_000),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 400 }), fc.integer({ min: 1, max: 60 }), (list, most) => {
      const pairs = new PairCounts();
      for (const { channel, from, to, at } of list) pairs.add(channel, from, to, at * MS);
      const { bins, leftOut } = pairs.bins(
        { from: 0, width: 200_000 * MS, count: 1 },
        most,
        () => true,
        (process) => process !== 3,
      );
      const shown = list.filter((each) => each.from !== 3 && each.to !== 3);
      const counted = bins.reduce((sum, each) => sum + each.count, 0);
      expect(counted + leftOut).toBe(list.length);
      expect(counted).toBeLessThanOrEqual(shown.length);
      for (const { channel, from, to, count } of bins)
        expect(list.filter((each) => each.channel === channel && each.from === from && each.to === to)).toHaveLength(
          count,
        );
    }),
  );
});

test('bins are where the messages were', () => {
  const pairs = new PairCounts();
  for (let i = 0; i < 1000; i++) pairs.add(0, 1, 2, i * MS);
  const { bins } = pairs.bins(
    { from: 0, width: 250 * MS, count: 8 },
    100,
    () => true,
    () => true,
  );
  expect(bins.map((each) => each.bin).sort()).toEqual([0, 1, 2, 3]);
  for (const { count } of bins) expect(Math.abs(count - 250)).toBeLessThanOrEqual(6);
});
