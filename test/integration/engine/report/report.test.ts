/** The report conforms to its contract: docs/report.schema.json. */
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { afterAll, expect, test } from 'vitest';
import { details, summary } from '../../../../server/cli/text';
import { sourceAt } from '../../../../server/engine/session/open';
import { Session } from '../../../../server/engine/session/session';
import { Workplace } from '../../../shared/workplace';
import { start, until } from '../session/programs';

const schema = JSON.parse(readFileSync(new URL('../../../../docs/report.schema.json', import.meta.url), 'utf8'));
const ajv = new Ajv({ allErrors: true });
const isReport = ajv.compile(schema);
const isMessage = ajv.compile({
  ...schema,
  $id: 'message',
  ...schema.definitions.message,
  required: schema.definitions.message.required,
});

const place = new Workplace();
afterAll(() => place.dispose());

const PROGRAM = `
import multiprocessing, os, subprocess, sys
def square(n): return n * n
if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        pool.map(square, range(4))
        pool.close()
        pool.join()
    here, there = multiprocessing.Pipe()
    here.send({"n": 1})
    there.recv()
    queue = multiprocessing.Queue()
    try: queue.get(timeout=0.01)
    except Exception: pass
    subprocess.run([sys.executable, "-c", "pass"])
`;

test('the report of a program with a pool, a pipe and a subprocess conforms to the schema', async () => {
  const program = start(place.write('all.py', PROGRAM));
  await program.ended;
  const session = new Session(await sourceAt(program.folder));
  await until('it is over', async () => {
    session.lookSoon();
    await session.refresh();
    return session.finished;
  });
  const report = JSON.parse(JSON.stringify(session.report()));
  expect(isReport(report), ajv.errorsText(isReport.errors)).toBe(true);
  expect(report).toMatchObject({ session: { exitCode: 0, dropped: 0 }, findings: [] });
  expect(report.processes.map((each: { origin: string }) => each.origin)).toEqual(
    expect.arrayContaining(['main', 'pool-worker', 'subprocess']),
  );
  expect(report.pools).toMatchObject([
    { size: 2, completed: 4, items: 4, restarts: 0, maxTasksPerWorker: null, medianMs: expect.any(Number) },
  ]);
  expect(details(report, [])).toContain(`  pool (Pool of 2, closed) 4 submitted, 4 completed, 0 failed, 0 pending`);
  expect(details(report, [])).toMatch(
    / {4}2 workers, average \d\.\d busy\. Tasks take .*\n {4}median .*, 95 % .*, waited /,
  );
  expect(summary(report)).toContain(', 4 tasks in 1 pool');
  expect(report.channels.length).toBeGreaterThan(2);
  const message = JSON.parse(JSON.stringify(session.pages.reported(0)));
  expect(isMessage(message), ajv.errorsText(isMessage.errors)).toBe(true);
  session.dispose(true);

  // The schema must reject something.
  expect(isReport({ ...report, version: 2 })).toBe(false);
  expect(isReport({ ...report, processes: [{ ...report.processes[0], state: 'asleep' }] })).toBe(false);
  expect(isReport({ ...report, channels: [{ ...report.channels[0], depth: -1 }] })).toBe(false);
  expect(isMessage({ ...message, payload: 7 })).toBe(false);
});

test('every field is documented', () => {
  const text = readFileSync(new URL('../../../../docs/report.md', import.meta.url), 'utf8');
  const names = new Set<string>();
  const walk = (value: { properties?: Record<string, never>; definitions?: Record<string, never> }) => {
    for (const [name, inner] of Object.entries(value.properties ?? {})) {
      names.add(name);
      walk(inner);
    }
    for (const inner of Object.values(value.definitions ?? {})) walk(inner);
  };
  walk(schema);
  expect([...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
});
