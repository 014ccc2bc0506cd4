/**
 * Exceptions inside our hooks: probes are inserted before the runtime's own statements (inject/sitecustomize.py), and
 * each of them raises. The program, which makes every wrapped call, must produce the same output and status as when run
 * bare.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FULL, figure, folderFor, PYTHONS, type Run, start } from './harness';

const INJECT = resolve(import.meta.dirname, 'inject');
const SEEDS = FULL ? 60 : 4;
/** Reciprocal of the probability that a random probe raises. */
const RATE = 40;
/** In the short run, one of this many sites is tested alone. */
const SAMPLE = FULL ? 1 : 60;
const ALL_PARTS = [
  'queues',
  'joinable_queues',
  'simple_queues',
  'pipes',
  'carried_pipes',
  'locks',
  'processes',
  'pools',
  'executors',
  'forks',
  'programs',
  'threads',
  'listeners',
  'managers',
]; // prettier-ignore
const PARTS = FULL ? ALL_PARTS : ['queues', 'pipes', 'forks'];
const METHODS = FULL ? ['fork', 'spawn', 'forkserver'] : ['fork'];

const place = folderFor('injected');
afterAll(() => rmSync(place, { recursive: true, force: true }));

interface Tried {
  readonly outcome: Run['outcome'];
  /** Sites that were reached or raised, one entry for each time. */
  readonly sites: readonly string[];
  readonly ms: number;
}

/** Where a Python caches the runtime with its probes. */
function cacheOf(python: string): string {
  const folder = join(place, python.replaceAll('/', '_'));
  mkdirSync(folder, { recursive: true });
  return folder;
}

let lastLog = 0;
/** @param faults as FAULTS of inject/sitecustomize.py; null: without Forkscope */
async function tried(python: string, method: string, parts: readonly string[], faults: string | null): Promise<Tried> {
  lastLog += 1;
  const log = join(place, `log-${lastLog}`);
  const begun = performance.now();
  const run = start('every_hook.py', [method, '1', ...parts], {
    python,
    recorded: faults !== null,
    ...(faults !== null && { inject: INJECT, env: { FAULTS: faults, FAULTS_LOG: log, FAULTS_CACHE: cacheOf(python) } }),
  });
  const timer = setTimeout(() => void run.sweep(), 120_000);
  await run.ended;
  clearTimeout(timer);
  run.dispose();
  const sites = existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : [];
  rmSync(log, { force: true });
  return { outcome: run.outcome, sites, ms: performance.now() - begun };
}

test.each(PYTHONS)('probes that raise at random, with %s', { timeout: 3_600_000 }, async (python) => {
  let raised = 0;
  for (const method of METHODS) {
    const alone = await tried(python, method, [], null);
    expect(alone.outcome).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/end\n$/) });
    for (let seed = 1; seed <= SEEDS; seed++) {
      const found = await tried(python, method, [], `random:${seed}:${RATE}`);
      expect(found.outcome, `seed ${seed}, ${method}`).toEqual(alone.outcome);
      raised += found.sites.length;
    }
  }
  figure(`${raised} exceptions at random in ${SEEDS * METHODS.length} runs with ${python}, none noticed`);
  expect(raised).toBeGreaterThan(SEEDS * 100);
});

test.each(PYTHONS)('each probe alone, with %s', { timeout: 3_600_000 * 3 }, async (python) => {
  /** Site → where it is reached first. */
  const reached = new Map<string, { method: string; part: string; ms: number }>();
  const alone = new Map<string, Tried['outcome']>();
  for (const method of METHODS) {
    for (const part of PARTS) {
      alone.set(`${method} ${part}`, (await tried(python, method, [part], null)).outcome);
      const { outcome, sites, ms } = await tried(python, method, [part], 'list');
      expect(outcome, `${method} ${part}`).toEqual(alone.get(`${method} ${part}`));
      for (const site of sites) if (ms < (reached.get(site)?.ms ?? Infinity)) reached.set(site, { method, part, ms });
    }
  }
  const sites = [...reached].sort().filter((_, at) => at % SAMPLE === 0);
  const noticed: string[] = [];
  /** How full the ring is when a large payload comes depends on scheduling. */
  const missed: string[] = [];
  let raised = 0;
  for (const [site, { method, part }] of sites) {
    let times = 0;
    for (let tries = 0; tries < 5 && times === 0; tries++) {
      const found = await tried(python, method, [part], `one:${site}`);
      times = found.sites.length;
      try {
        expect(found.outcome).toEqual(alone.get(`${method} ${part}`));
      } catch (error) {
        noticed.push(`${site} in ${method} ${part}: ${(error as Error).message}`);
      }
    }
    raised += times;
    if (times === 0) missed.push(site);
  }
  figure(
    `${sites.length - missed.length} of ${reached.size} places raised, ${raised} times, with ${python}; ${noticed.length} noticed`,
  );
  expect(noticed).toEqual([]);
  expect(missed.length, missed.join()).toBeLessThanOrEqual(sites.length / 100);
  expect(reached.size).toBeGreaterThan(400);
});
