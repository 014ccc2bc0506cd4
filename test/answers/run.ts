/** Runs a program under the built command line and reads its report and messages, as a user's script would. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Report, ReportMessage } from '../../server/protocol/report';

const ROOT = resolve(import.meta.dirname, '../..');
export const CLI = join(ROOT, 'dist/cli.js');
export const PROGRAMS = join(ROOT, 'test/programs');

export interface Run {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly report: Report;
  readonly messages: readonly ReportMessage[];
}

/** @param args the script and its arguments */
export function runUnder(args: readonly string[], options: { python?: string; input?: string } = {}): Run {
  const folder = mkdtempSync(join(tmpdir(), 'forkscope-answers-'));
  try {
    const reportFile = join(folder, 'report.json');
    const recording = join(folder, 'run.forkscope');
    const python = options.python === undefined ? [] : ['--python', options.python];
    const run = spawnSync(
      process.execPath,
      [CLI, 'run', '--quiet', ...python, '--report', reportFile, '--record', recording, ...args],
      {
        encoding: 'utf8',
        timeout: 120_000,
        maxBuffer: 64 * 1024 * 1024,
        ...(options.input === undefined ? {} : { input: options.input }),
      },
    );
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
    const listed = spawnSync(process.execPath, [CLI, 'messages', recording, '--json'], {
      encoding: 'utf8',
      timeout: 120_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    const messages = listed.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ReportMessage);
    return { status: run.status, signal: run.signal, stdout: run.stdout, stderr: run.stderr, report, messages };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The Pythons to test with: the default one, and the oldest and newest in FORKSCOPE_TEST_PYTHONS (set by npm test). */
export function pythons(): readonly (string | undefined)[] {
  const listed = (process.env['FORKSCOPE_TEST_PYTHONS'] ?? '')
    .split(process.platform === 'win32' ? ';' : ':')
    .filter(Boolean);
  const ends = [listed[0], listed.at(-1)].filter((python) => python !== undefined);
  return [undefined, ...new Set(ends)];
}
