import { describe, expect, test } from 'vitest';
import { PAGE, Pages } from '../../../media/panel/state/pages';
import { Series } from '../../../media/panel/state/series';
import { scrollTo, visibleRows } from '../../../media/panel/state/window';
import type { MessagesParams } from '../../../server/protocol/requests';
import type { MessagesResult } from '../../../server/protocol/stream';
import type { MessageRow } from '../../../server/protocol/views';

const row = (id: number): MessageRow => ({
  id,
  channelId: 'c1',
  from: 'p1',
  to: 'p2',
  sentAtMs: id,
  receivedAtMs: id,
  bytes: 4,
  payload: String(id),
});

/** Queries that are answered when the test says so. */
function questions() {
  const open: { params: MessagesParams; answer: (result: MessagesResult) => void }[] = [];
  const ask = (params: MessagesParams) =>
    new Promise<MessagesResult>((resolve) => open.push({ params, answer: resolve }));
  const answer = async (total: number, complete = true) => {
    const next = open.shift();
    if (next === undefined) throw new Error('nothing was asked');
    const { offset, limit } = next.params;
    const from = Math.max(0, offset < 0 ? total + offset : offset);
    const count = Math.max(0, Math.min(limit, total - from));
    next.answer({ rows: Array.from({ length: count }, (_, i) => row(from + i)), offset: from, total, complete });
    await Promise.resolve();
    await Promise.resolve();
  };
  return { open, ask, answer };
}

describe('pages of messages', () => {
  test('a page is requested once, when one of its rows becomes visible', async () => {
    const { open, ask, answer } = questions();
    const pages = new Pages(ask, () => {}, { open: (each) => each.receivedAtMs === null, again: 30 });
    pages.reset({ sessionId: 's', filter: {} });
    await answer(3 * PAGE);
    expect(pages.total).toBe(3 * PAGE);
    expect(pages.row(1)?.id).toBe(1);
    expect(pages.row(PAGE + 1)).toBeNull();
    expect(pages.row(PAGE + 2)).toBeNull();
    expect(open.map((each) => each.params.offset)).toEqual([PAGE]);
    await answer(3 * PAGE);
    expect(pages.row(PAGE + 1)?.id).toBe(PAGE + 1);
  });

  test('an answer to a query with an earlier filter is dropped', async () => {
    const { open, ask } = questions();
    const pages = new Pages(ask, () => {}, { open: (each) => each.receivedAtMs === null, again: 30 });
    pages.reset({ sessionId: 's', filter: { text: 'old' } });
    const old = open.shift();
    pages.reset({ sessionId: 's', filter: { text: 'new' } });
    old?.answer({ rows: [row(99)], offset: 0, total: 1, complete: true });
    await Promise.resolve();
    await Promise.resolve();
    expect(pages.total).toBe(0);
    expect(open.map((each) => each.params.filter.text)).toEqual(['new']);
  });

  test('a refresh requests the last page and visible pages that may have changed', async () => {
    const { open, ask, answer } = questions();
    const pages = new Pages(ask, () => {}, { open: (each) => each.receivedAtMs === null, again: 30 });
    pages.reset({ sessionId: 's', filter: {} });
    await answer(2 * PAGE + 5);
    pages.refresh(0, 10);
    expect(open.map((each) => each.params.offset)).toEqual([2 * PAGE]);
  });

  test('at the end of a growing list new rows are visible at once, however many arrive', async () => {
    const { open, ask, answer } = questions();
    const pages = new Pages(ask, () => {}, { open: (each) => each.receivedAtMs === null, again: 30 });
    pages.reset({ sessionId: 's', filter: {} });
    await answer(5);
    for (const total of [6, 2 * PAGE - 1, 2 * PAGE, 2 * PAGE + 3, 50 * PAGE + 7]) {
      pages.refresh(Math.max(0, total - 40), total, 'end');
      await answer(total);
      expect(pages.total).toBe(total);
      for (let index = Math.max(0, total - PAGE); index < total; index++) expect(pages.row(index)?.id).toBe(index);
      expect(open).toEqual([]);
    }
  });

  test('changes during a request are requested once more', async () => {
    const { open, ask, answer } = questions();
    const pages = new Pages(ask, () => {}, { open: (each) => each.receivedAtMs === null, again: 30 });
    pages.reset({ sessionId: 's', filter: {} });
    await answer(5);
    for (let i = 0; i < 3; i++) pages.refresh(0, 5, 'end');
    await answer(6);
    expect(open.length).toBe(1);
    await answer(7);
    expect([pages.total, open.length]).toEqual([7, 0]);
  });
});

describe('the window over the rows', () => {
  const ROW = 22;

  test('any row can be scrolled to and is then drawn, in lists of any length', () => {
    for (const total of [1, 3, 50, 363_636, 363_637, 10_000_000, 50_000_000]) {
      for (const view of [60, 301, 2000]) {
        for (const share of [0, 0.001, 0.5, 0.777, 1]) {
          const index = Math.round(share * (total - 1));
          const before = visibleRows(total, ROW, view, 0);
          const scroll = scrollTo(index, total, ROW, view, 0);
          const shown = visibleRows(total, ROW, view, Math.min(scroll, Math.max(0, before.height - view)));
          expect(index, `${index} of ${total}`).toBeGreaterThanOrEqual(shown.first);
          expect(index, `${index} of ${total}`).toBeLessThan(shown.first + shown.count);
          expect(shown.count).toBeLessThanOrEqual(view / ROW + 10);
        }
      }
    }
  });
});

describe('depth over time', () => {
  test('stays small, never goes back in time, and keeps its peak', () => {
    const series = new Series([{ atMs: 0, max: 3, last: 1 }]);
    for (let i = 0; i < 10_000; i++) series.add(i, i === 5000 ? 77 : i % 5);
    series.add(1, 2);
    expect(series.times.length).toBeLessThan(1600);
    expect(Math.max(...series.depths)).toBe(77);
    expect(series.times.every((time, i) => i === 0 || time >= (series.times[i - 1] as number))).toBe(true);
  });
});
