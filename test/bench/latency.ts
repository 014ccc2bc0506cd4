/** From a `put` in the program to the screen: the machine's clock on both sides, a real VS Code between them. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCode } from '../e2e/harness';
import { until } from '../shared/until';
import { type Frame, latenciesOf, ROUNDING } from './frames';
import { quantile } from './table';

const PUTS = 300;
const PROGRAM = `"""Puts one item at a time and notes when."""
import json
import multiprocessing
import os
import random
import time


def take(beats):
    while beats.get() is not None:
        pass


if __name__ == "__main__":
    beats = multiprocessing.Queue()
    taker = multiprocessing.Process(target=take, args=(beats,))
    taker.start()
    while not os.path.exists("go"):  # until somebody looks
        time.sleep(0.1)
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

interface Latency {
  readonly median: number;
  readonly p95: number;
  readonly worst: number;
  readonly count: number;
}

/** Reads the panel's card of the queue in every frame: what the user could see then. */
function watch(last: number): void {
  const frames: Frame[] = [];
  Object.assign(globalThis, { frames });
  const look = () => {
    const card = [...document.querySelectorAll('.card')].find(
      (each) => each.querySelector('.name')?.textContent === 'beats',
    );
    // The count's own element: in the text of the whole card the depth directly precedes it, "1" and "15 put".
    const found = /^([\d.,\s]+) put/.exec(card?.querySelector('.bottom')?.textContent ?? '');
    const count = Number(found?.[1]?.replace(/\D/g, '') ?? 0);
    if (count !== (frames.at(-1)?.count ?? 0)) frames.push({ at: Date.now(), count });
    if (count < last) requestAnimationFrame(look);
  };
  look();
}

/** Ms from each put to the panel's card that counts it. */
export async function latencies(): Promise<Latency> {
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
    await panel.evaluate(watch, PUTS);
    writeFileSync(join(code.folder, 'go'), '');
    const before = Date.now();
    const there = await panel.evaluate(() => Date.now());
    if (there < before - ROUNDING || there > Date.now() + ROUNDING)
      throw new Error(`The panel's clock is not the program's: ${there} between ${before} and ${Date.now()}.`);
    const frames = await until(
      'all puts',
      () => panel.evaluate(() => (globalThis as unknown as { frames: Frame[] }).frames),
      (seen) => (seen.at(-1)?.count ?? 0) >= PUTS,
      90_000,
    );
    const puts = await until(
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
    const all = latenciesOf(puts, frames);
    return { median: quantile(all, 0.5), p95: quantile(all, 0.95), worst: Math.max(...all), count: all.length };
  } finally {
    await code.close();
  }
}
