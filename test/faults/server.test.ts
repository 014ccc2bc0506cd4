/** A reader is killed while the program runs, and the journal's limit is reached: the report is complete anyway. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { Report } from '../../server/protocol/report';
import { channel, FULL, figure, folderFor, PROGRAMS, PYTHONS, start, until } from './harness';

const CLI = resolve(import.meta.dirname, '../../dist/cli.js');
const ROUNDS = FULL ? 5000 : 400;
const CHANNELS = ['tasks_a', 'tasks_b', 'results_a', 'results_b', 'talk_a', 'talk_b'];

function expectWhole(report: Report, rounds: number): void {
  for (const each of CHANNELS) expect(channel(report, each)).toMatchObject({ sends: rounds, receives: rounds });
  for (const each of ['results_a', 'results_b'])
    expect(channel(report, each)).toMatchObject({ puts: rounds, gets: rounds });
  const forks = Math.ceil(rounds / 16);
  expect(channel(report, 'family')).toMatchObject({ sends: forks, receives: forks });
  expect(report.processes.length).toBeGreaterThanOrEqual(forks + 3);
  expect(report.processes.filter((each) => !['exited', 'killed', 'lost'].includes(each.state))).toEqual([]);
}

function text(child: ChildProcess): () => string {
  let all = '';
  child.stdout?.on('data', (data) => {
    all += data;
  });
  return () => all;
}

test('the command line is killed: the program continues, and its report can be created from its folder', async () => {
  const place = folderFor('killed');
  const accounts = folderFor('account');
  const args = [CLI, 'run', '--quiet', join(PROGRAMS, 'busy.py'), 'fork', `${ROUNDS}`];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, TMPDIR: place, ACCOUNT: accounts, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = text(child);
  await until('a start', () => readdirSync(accounts).length > 10);
  child.kill('SIGKILL');
  await until('the end of the program', () => said() === 'done\n');
  const folder = join(place, readdirSync(place).find((each) => each.startsWith('forkscope-')) ?? '');
  let report: Report | undefined;
  await until('the end of all its processes', () => {
    const shown = spawnSync(process.execPath, [CLI, 'report', '--json', folder], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    report = JSON.parse(shown.stdout) as Report;
    return report.processes.every((each) => ['exited', 'killed', 'lost'].includes(each.state));
  });
  expectWhole(report as Report, ROUNDS);
  rmSync(place, { recursive: true });
  rmSync(accounts, { recursive: true });
  figure(`the command line killed in mid-run: all of ${ROUNDS} rounds reported`);
});

test('readers are killed again and again while the program runs', async () => {
  const run = start('busy.py', ['fork', `${ROUNDS}`]);
  await run.noted('began', 3);
  let kills = 0;
  let over = false;
  const ended = run.ended.then(() => {
    over = true;
  });
  while (!over) {
    const reader = spawn(process.execPath, [CLI, 'report', '--json', run.folder], { stdio: 'ignore' });
    await new Promise((done) => setTimeout(done, 60 + ((kills * 37) % 200)));
    if (reader.kill('SIGKILL')) kills++;
  }
  await ended;
  expect(run.outcome).toEqual({ exitCode: 0, signal: null, stdout: 'done\n', stderr: '' });
  const { session, report } = await run.read();
  expectWhole(report, ROUNDS);
  session.dispose(false);
  run.dispose();
  figure(`${kills} readers killed: all of ${ROUNDS} rounds reported`);
});

test.each(PYTHONS)("the journals' limit is reached, with %s", async (python) => {
  const rounds = FULL ? 30_000 : 3000;
  const run = start('busy.py', ['fork', `${rounds}`], { python, options: { ring: 1 << 17 } });
  await run.ended;
  expect(run.outcome).toEqual({ exitCode: 0, signal: null, stdout: 'done\n', stderr: '' });
  const { session, report } = await run.read();
  expectWhole(report, rounds);
  expect(report.session.dropped).toBeGreaterThan(rounds);
  session.dispose(false);
  run.dispose();
  figure(
    `the limit reached: ${report.session.dropped} events dropped, totals of ${rounds} rounds exact, with ${python}`,
  );
});
