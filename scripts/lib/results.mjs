// What the parts of `npm test` share: commands that are run, and what came of them.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ROOT, say, withNode } from './tools.mjs';

export const totals = { passed: 0, failed: 0 };
/** Sentences that name what was not run, and why. */
export const skipped = [];
/** So many processes of tests run beside each other: each waits for its programs most of the time that these compute. */
export const AT_ONCE = Math.min(4, availableParallelism());

export const node = process.execPath;
export const bin = (...name) => join(ROOT, 'node_modules', ...name);

/** A runner that has written its results but does not exit is killed after this time, ms. */
const LINGER = 60_000;

/**
 * Runs a command with its output shown and kept.
 * @param {{env?: object, results?: string, held?: boolean, cwd?: string}} [how] results: the file that it writes last; held: the output is
 * shown when the command has ended, because another one runs beside it
 * @returns {Promise<{status: number, output: string}>}
 */
export function run(file, args, { env = {}, results, held = false, cwd = ROOT } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...withNode(process.execPath), NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (data) => {
      output += data;
      if (!held) process.stdout.write(data);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    let written = 0;
    // What a failed test left behind may hold a runner's pipes open forever.
    const lingers = setInterval(() => {
      if (results === undefined || !existsSync(results)) return;
      written ||= Date.now();
      if (Date.now() - written > LINGER) child.kill('SIGKILL');
    }, 1000);
    let over = false;
    const end = (status, signal) => {
      if (over) return;
      over = true;
      clearInterval(lingers);
      if (held) process.stdout.write(output);
      resolve({ status: signal ? 1 : (status ?? 1), output });
    };
    child.on('error', (error) => {
      output += error.message;
      end(127);
    });
    child.on('close', end);
    child.on('exit', (status, signal) => {
      if (signal === 'SIGKILL') end(status, signal);
    });
  });
}

/** A step that passes or fails as a whole. @returns {Promise<boolean>} whether it passed */
export async function step(name, file, args) {
  const { status } = await run(file, args);
  if (status === 0) totals.passed++;
  else {
    totals.failed++;
    say(`FAILED: ${name}`);
  }
  return status === 0;
}

/** Adds what a program that counts said in its last line; one that failed without a count is one failure. */
export function add(passed, failed, status) {
  totals.passed += Number(passed ?? 0);
  totals.failed += status !== 0 ? Math.max(1, Number(failed ?? 0)) : 0;
}

/** Does something with each of a list, at most so many at a time, in their order. */
export async function eachBeside(list, atOnce, work) {
  const waiting = [...list];
  const lane = async () => {
    while (waiting.length > 0) await work(waiting.shift());
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
