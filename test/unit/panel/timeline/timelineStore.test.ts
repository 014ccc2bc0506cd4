import { expect, test } from 'vitest';
import { TimelineStore } from '../../../../media/panel/timeline/timelineStore';
import type { TimelineParams } from '../../../../server/protocol/requests';
import type { TimelineResult } from '../../../../server/protocol/timeline';

const SIGHT = { processes: ['p1'], channels: [], pixels: 1000, library: false };

function setUp() {
  const asked: {
    params: TimelineParams;
    answer(result?: Partial<TimelineResult>): Promise<void>;
    fail(text: string): Promise<void>;
  }[] = [];
  let drawn = 0;
  const store = new TimelineStore(
    {
      moment: () => new Promise(() => undefined),
      timeline: (params) =>
        new Promise((resolve, reject) => {
          const settled = async () => {
            for (let i = 0; i < 5; i++) await Promise.resolve();
          };
          asked.push({
            params,
            answer: (result = {}) => {
              const columnMs = (params.toMs - params.fromMs) / params.pixels;
              resolve({
                fromMs: params.fromMs,
                columnMs,
                columns: params.pixels,
                nowMs: 0,
                lanes: [],
                depths: [],
                messages: null,
                ...result,
              });
              return settled();
            },
            fail: (text) => {
              reject(new Error(text));
              return settled();
            },
          });
        }),
    },
    () => drawn++,
  );
  store.show('s1');
  return { store, asked, drawn: () => drawn };
}

test('one request runs, the newest waits, those between are never sent', async () => {
  const { store, asked } = setUp();
  store.ask(SIGHT, 1000, false);
  for (const factor of [0.5, 0.5, 0.5]) {
    store.zoom(500, factor, 1000);
    store.ask(SIGHT, 1000, false);
  }
  expect(asked).toHaveLength(1);
  await asked[0]?.answer();
  expect(asked).toHaveLength(2);
  const span = (asked[1]?.params.toMs ?? 0) - (asked[1]?.params.fromMs ?? 0);
  expect(span).toBeCloseTo((1020 / 8) * 2);
});

test('a small movement within what is there asks nothing', async () => {
  const { store, asked } = setUp();
  store.frame(400, 500, 1000);
  store.ask(SIGHT, 1000, false);
  await asked[0]?.answer();
  store.pan(10, 1000);
  store.ask(SIGHT, 1000, false);
  expect(asked).toHaveLength(1);
  store.pan(200, 1000);
  store.ask(SIGHT, 1000, false);
  expect(asked).toHaveLength(2);
});

test('what happened meanwhile is asked for', async () => {
  const { store, asked } = setUp();
  store.ask(SIGHT, 1000, false);
  await asked[0]?.answer();
  store.ask(SIGHT, 1000, true);
  expect(asked).toHaveLength(2);
});

test('an answer for a session that is no longer shown is not drawn', async () => {
  const { store, asked } = setUp();
  store.ask(SIGHT, 1000, false);
  store.show('s2');
  await asked[0]?.answer();
  expect(store.answer).toBeNull();
});

test('a request that fails says why, and the next one is sent', async () => {
  const { store, asked } = setUp();
  store.ask(SIGHT, 1000, false);
  await asked[0]?.fail('the server is gone');
  expect(store.error).toBe('the server is gone');
  store.ask(SIGHT, 1000, true);
  await asked[1]?.answer();
  expect(store.error).toBeNull();
  expect(store.answer).not.toBeNull();
});

test('zooming out as far as it goes follows the run again', () => {
  const { store } = setUp();
  store.frame(400, 500, 1000);
  expect(store.chosen).not.toBeNull();
  store.zoom(500, 1000, 1000);
  expect(store.chosen).toBeNull();
  expect(store.view(2000).to).toBeGreaterThan(2000);
});
