/** From a `put` in the program to the screen: the clock of the machine on both sides, a real VS Code between. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCode } from '../e2e/harness';
import { until } from '../shared/until';
import { quantile } from './table';

const PUTS = 100;
const PROGRAM = `"""Puts one item at a time and notes when."""
import json
import multiprocessing
import random
import time


def take(beats):
    while beats.get() is not None:
        pass


if __name__ == "__main__":
    beats = multiprocessing.Queue()
    taker = multiprocessing.Process(target=take, args=(beats,))
    taker.start()
    time.sleep(3)
    times = []
    for number in range(${PUTS}):
        times.append(time.time() * 1000)
        beats.put(number)
        time.sleep(random.uniform(0.1, 0.2))
    beats.put(None)
    taker.join()
    with open("times.json", "w") as file:
        json.dump(times, file)
`;

/** Ms from each put to the panel's card that counts it. */
export async function latencies(): Promise<{ median: number; p95: number; worst: number; count: number }> {
  const code = await openCode({
    settings: { 'forkscope.console': 'internalConsole', 'debug.internalConsoleOptions': 'neverOpen' },
  });
  try {
    writeFileSync(join(code.folder, 'beats.py'), PROGRAM);
    await code.page.locator('.activitybar [aria-label*="Forkscope"]').first().click();
    await code.openFile('beats.py');
    await code.command('Run Python File in Forkscope');
    const panel = await code.panel();
    await panel.locator('.card', { hasText: 'beats' }).waitFor();
    // Looked at with every frame: what the user could see then.
    await panel.evaluate((puts) => {
      const seen: number[] = [];
      Object.assign(globalThis, { seen });
      const look = () => {
        const found = /(\d+) put/.exec(document.querySelector('.card')?.textContent ?? '');
        const count = Number(found?.[1] ?? 0);
        while (seen.length < count) seen.push(performance.timeOrigin + performance.now());
        if (seen.length < puts) requestAnimationFrame(look);
      };
      look();
    }, PUTS);
    const seen = await until(
      'all puts',
      () => panel.evaluate(() => (globalThis as unknown as { seen: number[] }).seen),
      (times) => times.length >= PUTS,
      90_000,
    );
    const put = await until(
      'the program’s own times',
      async () => {
        try {
          return JSON.parse(readFileSync(join(code.folder, 'times.json'), 'utf8')) as number[];
        } catch {
          return [];
        }
      },
      (times) => times.length === PUTS,
    );
    const all = put.map((at, number) => (seen[number] as number) - at);
    return { median: quantile(all, 0.5), p95: quantile(all, 0.95), worst: Math.max(...all), count: all.length };
  } finally {
    await code.close();
  }
}
