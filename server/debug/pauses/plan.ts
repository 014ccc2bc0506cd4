/** What the processes of a session stop at: a file that they read when the number in the control page changed. */
import { closeSync, openSync, readSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  CONTROL_AT_ARMED,
  CONTROL_AT_GENERATION,
  CONTROL_SIZE,
  FILE_CONTROL,
  FILE_PLAN,
} from '../../protocol/vocabulary';

/** What every kind of breakpoint may have besides its place. */
export interface Conditions {
  readonly id: number;
  /** A Python expression; stops where it is true. */
  readonly condition?: string;
  /** A message for the debug console, with {expressions}: nothing stops then. */
  readonly log?: string;
}
export interface PlannedLine extends Conditions {
  readonly file: string;
  readonly line: number;
}
export interface PlannedFunction extends Conditions {
  /** Variable's name, `Queue`, `Process`, a task's function; null: any. */
  readonly target: string | null;
  /** `put`, `start`, …; null: any. */
  readonly call: string | null;
  /** Descriptors of the channels that the session calls `target`: for processes that do not know its name. */
  readonly keys?: readonly string[];
}
/** A message on its way to its receiver. `hash`: CRC-32 of its bytes. */
export interface Followed {
  readonly id: number;
  readonly size: number;
  readonly hash: number;
  readonly keys: readonly string[];
}
/** 'finding' is the debugger's own: processes know nothing of it. */
export const FILTER_NAMES = [
  'finding',
  'send',
  'receive',
  'start',
  'badEnd',
  'limit',
  'broken',
  'unpicklable',
  'task',
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

export interface Plan {
  readonly socket: string;
  /** What both sides of the socket have to know. */
  readonly word: string;
  readonly lines: readonly PlannedLine[];
  readonly functions: readonly PlannedFunction[];
  readonly filters: Readonly<Partial<Record<FilterName, Conditions>>>;
  /** Pids that stop at their next operation. */
  readonly pause: readonly number[];
  readonly follow: readonly Followed[];
  /** Pids that go on while every other process is held at its next operation; null: none is. */
  readonly freeze: readonly number[] | null;
  /** The first process that comes to an operation pauses there: the program is to stop at its entry; absent: not. */
  readonly entry?: boolean;
  /** Until when (seconds since the epoch) every process waits at its next operation for a plan without this one; absent: none waits. */
  readonly hold?: number;
}

/** How long processes wait at their first operation for a debugger that is about to say what it stops at, seconds. */
const HOLD_SECONDS = 15;

/** Makes the control page of a session that is to be debugged; before its program starts. */
export function makeControlPage(folder: string): void {
  writeFileSync(join(folder, FILE_CONTROL), Buffer.alloc(CONTROL_SIZE), { mode: 0o600, flag: 'wx' });
}

/**
 * Lets the processes of a session that is about to be debugged wait at their first operation: another debugger starts the program, which may
 * come to a message sooner than the debugger to its breakpoints. Without a debugger they wait for ≤ `seconds`.
 */
export function holdForDebugger(folder: string, seconds = HOLD_SECONDS): void {
  new PlanFile(folder).write({ ...NOTHING, hold: holdUntil(seconds) }, true);
}

/** Nothing is stopped at in this session, and no process waits for a debugger any more. */
export function stopAtNothing(folder: string): void {
  new PlanFile(folder).write(NOTHING, false);
}

const NOTHING: Plan = {
  socket: '',
  word: '',
  lines: [],
  functions: [],
  filters: {},
  pause: [],
  follow: [],
  freeze: null,
};

/** The `hold` of a plan that is written now. */
export function holdUntil(seconds = HOLD_SECONDS): number {
  return Date.now() / 1000 + seconds;
}

export class PlanFile {
  private written = '';
  private armed: boolean | null = null;

  constructor(private readonly folder: string) {}

  /**
   * Publishes the plan. `armed` false: the processes look no further than at one byte.
   * @returns whether it is another one than before
   */
  write(plan: Plan, armed: boolean): boolean {
    const text = JSON.stringify(plan);
    const isNew = armed !== this.armed || text !== this.written;
    const page = openSync(join(this.folder, FILE_CONTROL), 'r+');
    try {
      if (text !== this.written) {
        const path = join(this.folder, FILE_PLAN);
        writeFileSync(`${path}.new`, text, { mode: 0o600 });
        renameSync(`${path}.new`, path);
        this.written = text;
        const number = Buffer.alloc(8);
        readSync(page, number, 0, 8, CONTROL_AT_GENERATION); // another plan may have been there before this one's first
        number.writeBigUInt64LE(BigInt.asUintN(64, number.readBigUInt64LE() + 1n));
        writeSync(page, number, 0, 8, CONTROL_AT_GENERATION);
      }
      writeSync(page, Buffer.from([armed ? 1 : 0]), 0, 1, CONTROL_AT_ARMED);
      this.armed = armed;
      return isNew;
    } finally {
      closeSync(page);
    }
  }
}
