/** Where findings are reported: on the terminal, in reports and recordings; and how to mute them. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createEngine } from '../../server/engine/session/sessions';
import type { Report } from '../../server/protocol/report';
import type { UpdateParams } from '../../server/protocol/stream';
import { until } from '../integration/engine/session/programs';
import { Workplace } from '../shared/workplace';
import { CLI, PROGRAMS, runUnder } from './run';

const FAULTS = join(PROGRAMS, 'faults');
const place = new Workplace();
afterAll(() => place.dispose());

function cli(...args: string[]) {
  return spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', timeout: 60_000 });
}
/** A copy of a fault program with this comment appended to the line that ends in `# at`. */
function commented(program: string, at: string, comment: string): string {
  const text = readFileSync(join(FAULTS, program), 'utf8');
  const changed = text.replace(`# ${at}\n`, `# ${at} ${comment}\n`);
  expect(changed).not.toBe(text);
  return place.write(program, changed);
}
/** Recordings of a fact and of an interrupted hang, each created once. */
const recordings = new Map<string, Promise<{ file: string; stderr: string; status: number | null }>>();
function recorded(program: string, code: string, hangs: boolean) {
  const known = recordings.get(program) ?? record(program, code, hangs);
  recordings.set(program, known);
  return known;
}
async function record(program: string, code: string, hangs: boolean) {
  const file = place.path(program.replace('.py', '.forkscope'));
  const child = spawn(process.execPath, [CLI, 'run', '--record', file, join(FAULTS, program), 'fork'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  if (hangs) {
    // Printed while the program hangs, not after it has ended.
    await until(`${code} on the terminal`, () => stderr.includes(`[${code}]`));
    expect(child.exitCode).toBeNull();
    // As Ctrl+C does: to the whole group.
    process.kill(-(child.pid as number), 'SIGINT');
  }
  return { file, status: await ended, stderr };
}

describe('on the terminal', () => {
  test('a hang is printed while it lasts, with its lines and advice, once', { timeout: 60_000 }, async () => {
    const { stderr } = await recorded('deadlock.py', 'deadlock', true);
    expect(stderr).toMatch(/^forkscope: error: Deadlock: .* \[deadlock\]$/m);
    expect(stderr).toMatch(/^ {4}\S*deadlock\.py:\d+ {2}\S/m);
    expect(stderr).toContain('Acquire the locks in the same order everywhere.');
    expect(stderr.split('[deadlock]')).toHaveLength(2);
  });
  test('a fact is printed at the end; not with --quiet', { timeout: 60_000 }, async () => {
    const { stderr, status } = await recorded('lost_exception.py', 'lost-exception', false);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^forkscope: error: 1 task work of pool failed, .* \[lost-exception\]$/m);
    const quiet = cli('run', '--quiet', join(FAULTS, 'lost_exception.py'), 'fork');
    expect(quiet.stderr).not.toContain('forkscope');
  });
});

describe('in a recording', () => {
  test.each([
    ['lost_exception.py', 'lost-exception', false],
    ['deadlock.py', 'deadlock', true],
  ] as const)('%s: the finding is there when it is opened again', { timeout: 60_000 }, async (program, code, hangs) => {
    const { file } = await recorded(program, code, hangs);
    expect(existsSync(file)).toBe(true);
    const json = cli('report', '--json', file);
    expect(json.stderr).toBe('');
    const { findings } = JSON.parse(json.stdout) as Report;
    expect(findings.map((each) => each.code)).toEqual([code]);
    expect(findings[0]?.lines.map((each) => basename(each.file))).toContain(program);
    expect(cli('report', file).stdout).toContain(`[${code}]`);
  });

  test('a muted finding is hidden, and shown again when unmuted', { timeout: 60_000 }, async () => {
    const { file } = await recorded('lost_exception.py', 'lost-exception', false);
    const engine = createEngine();
    const updates: UpdateParams[] = [];
    const stop = engine.onUpdate((update) => updates.push(update));
    const count = () =>
      updates.flatMap((each) => each.sessions).filter((each) => (each.findings?.length ?? 0) > 0).length;
    try {
      engine.muteFindings(['zombie']);
      const session = await engine.open(file);
      const codes = () => session.snapshot().findings?.map((each) => each.code);
      expect(codes()).toEqual(['lost-exception']);
      engine.muteFindings(['lost-exception']);
      expect(codes()).toEqual([]);
      await until('an update without it', () =>
        updates.some((each) => each.sessions.some((s) => s.findings?.length === 0)),
      );
      const before = count();
      engine.muteFindings([]);
      expect(codes()).toEqual(['lost-exception']);
      await until('an update with it', () => count() > before);
    } finally {
      stop();
      await engine.dispose();
    }
  });
});

describe('a comment at a line that shows it', () => {
  test.each([
    ['# forkscope: ignore[lost-exception]', []],
    ['# forkscope: ignore', []],
    ['#forkscope:ignore[ zombie , lost-exception ]', []],
    ['# forkscope: ignore[zombie]', ['lost-exception']],
  ])('%s', { timeout: 60_000 }, (comment, left) => {
    const script = commented('lost_exception.py', 'submitted', comment);
    const { report, status } = runUnder([script, 'fork']);
    expect(status).toBe(0);
    expect(report.findings.map((each) => each.code)).toEqual(left);
  });
});
