import { spawn } from 'node:child_process';
import { log } from '../log/log';
import { takeSignals } from '../os/groupSignals';
import { facts } from '../os/processes';
import { writeSessionEnd } from '../session/folder';
import type { Entry } from './entry';
import type { Ended, Program, Starter } from './starter';

export type { Ended } from './starter';

interface Supervision {
  readonly program: Program;
  readonly entry: Entry;
  /** Null if the helper cannot run: then Node starts the program. */
  readonly starter: Starter | null;
  /** The program has started. */
  readonly onStarted?: () => void;
  /** This process received a signal, and passes it on unless the program has received it too. */
  readonly onSignal?: (name: NodeJS.Signals) => void;
}

/**
 * A signal of the same kind that follows a group-wide one within this time counts as the same: a sender that signals a
 * job may also signal its first process, ms.
 */
const SAME = 150;
/** A sender that signals the processes of a job one by one takes a moment, ms. */
const ONE_BY_ONE = 20;

/** Stop signals that can be handled. */
const STOPS: readonly string[] = ['SIGTSTP', 'SIGTTIN', 'SIGTTOU'];

/**
 * Runs a program with this process's own input, output, terminal and descriptors, in its process group, and records its
 * end in the session folder. The program decides what a signal means: those that reached this process only are passed
 * on.
 */
export async function supervise(supervision: Supervision): Promise<Ended> {
  const ended = await (supervision.starter === null ? byNode(supervision) : byHelper(supervision, supervision.starter));
  try {
    writeSessionEnd(supervision.program.folder, { ...ended, endedAt: Date.now() });
  } catch (error) {
    log.swallowed('noting how the program ended', error);
    // The folder is gone, and with it every reader.
  }
  log.note('program', () => `ended: ${ended.signal ?? ended.exitCode ?? 'nobody saw how'}`);
  supervision.starter?.close();
  return ended;
}

async function byHelper({ program, onStarted, onSignal }: Supervision, starter: Starter): Promise<Ended> {
  const shared = new Map<number, number>();
  starter.onSignal = (number) => shared.set(number, performance.now());
  let running = false;
  const early: number[] = [];
  let continued = 0;
  const pass = async (name: NodeJS.Signals, number: number): Promise<void> => {
    const came = performance.now();
    const before = continued;
    await new Promise((resolve) => setTimeout(resolve, ONE_BY_ONE));
    await starter.caughtUp();
    // This process stops with the program and may learn long afterwards by which signal: a SIGCONT cancels earlier stop
    // requests.
    await new Promise((resolve) => setImmediate(resolve));
    if (STOPS.includes(name) && continued !== before) return;
    if ((shared.get(number) ?? Number.NEGATIVE_INFINITY) < came - SAME) starter.kill(number);
  };
  const release = takeSignals((name, number) => {
    if (!running) {
      early.push(number);
      return;
    }
    if (name === 'SIGCONT') continued++;
    log.note('program', `${name} came`);
    onSignal?.(name);
    void pass(name, number);
  });
  try {
    const pid = await starter.start(program);
    log.note('program', `started, pid ${pid}`);
    running = true;
    onStarted?.();
    // Signals that arrived before the program existed did not reach it.
    for (const number of early) starter.kill(number);
    return (await starter.ended()) ?? (await untilGone(pid));
  } finally {
    release();
  }
}

/** After the helper was killed: the program continues without a parent that could report how it ended. */
async function untilGone(pid: number): Promise<Ended> {
  while (facts(pid)?.zombie === false) await new Promise((resolve) => setTimeout(resolve, 200));
  return { pid, exitCode: null, signal: null };
}

/** @param set in the format of /proc/PID/status */
export function isIgnored(number: number, set: string): boolean {
  return ((BigInt(`0x${set}`) >> BigInt(number - 1)) & 1n) === 1n;
}

/**
 * Windows, and interpreters that cannot run the start helper. Ctrl-C reaches both processes; a request to end is passed
 * on.
 */
async function byNode({ program, entry, onSignal }: Supervision): Promise<Ended> {
  const [file = '', ...args] = program.arguments.map(String);
  const env = Object.fromEntries(
    program.environment.map(String).map((each): [string, string] => {
      const end = each.indexOf('=', 1);
      return [each.slice(0, end), each.slice(end + 1)];
    }),
  );
  const stdio: ('inherit' | 'ignore' | number)[] = ['inherit', 'inherit', 'inherit'];
  for (const each of entry.descriptors) stdio[each] = each;
  const child = spawn(file, args, {
    cwd: program.cwd?.toString(),
    env,
    stdio: Array.from(stdio, (each) => each ?? 'ignore'),
    windowsHide: false,
  });
  const release = takeSignals((name) => {
    onSignal?.(name);
    if (process.platform !== 'win32' && (name === 'SIGTERM' || name === 'SIGHUP')) child.kill(name);
  });
  try {
    return await new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (exitCode, signal) => resolve({ pid: child.pid ?? null, exitCode, signal }));
    });
  } finally {
    release();
  }
}
