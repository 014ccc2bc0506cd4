/** The calls known to the checks, by dotted name. */
import { PACKAGE_FAMILIES, PICKLING_FAMILIES } from '../../protocol/libraries';
import type { SyntaxNode } from './syntax';

export type Method = 'fork' | 'spawn' | 'forkserver';

export type Api =
  | 'Process'
  | 'Pool'
  | 'ThreadPool'
  | 'ProcessPoolExecutor'
  | 'ThreadPoolExecutor'
  | 'Thread'
  | 'Queue'
  | 'SimpleQueue'
  | 'Pipe'
  | 'Connection'
  | 'Lock'
  | 'Manager'
  | 'Context'
  | 'OsPipe'
  | 'Fork';

/** An object created by a known call. */
export interface Creation {
  readonly api: Api;
  readonly call: SyntaxNode;
  /** Its package: "multiprocessing", or one that copies its interface. */
  readonly family: string;
  /** The start method of the context that created it, if the text states it. */
  readonly method: Method | null;
  /** Which end of a pipe, 0 or 1. */
  readonly end: number | null;
}

/** Packages with multiprocessing's interface. */
export const FAMILIES: ReadonlySet<string> = new Set(PACKAGE_FAMILIES);
/** Packages that pickle functions by value, so that lambdas are allowed. */
export const PICKLES_ANYTHING: ReadonlySet<string> = new Set(PICKLING_FAMILIES);

const inFamily: Readonly<Record<string, Api>> = {
  Process: 'Process',
  'context.Process': 'Process',
  'process.BaseProcess': 'Process',
  Pool: 'Pool',
  'pool.Pool': 'Pool',
  'pool.ThreadPool': 'ThreadPool',
  'dummy.Pool': 'ThreadPool',
  'dummy.Process': 'Thread',
  Queue: 'Queue',
  'queues.Queue': 'Queue',
  JoinableQueue: 'Queue',
  'queues.JoinableQueue': 'Queue',
  SimpleQueue: 'SimpleQueue',
  Pipe: 'Pipe',
  Lock: 'Lock',
  RLock: 'Lock',
  Semaphore: 'Lock',
  BoundedSemaphore: 'Lock',
  Condition: 'Lock',
  Event: 'Lock',
  Barrier: 'Lock',
  Manager: 'Manager',
  get_context: 'Context',
};

export const API: ReadonlyMap<string, Api> = new Map([
  ...[...FAMILIES].flatMap((family) =>
    Object.entries(inFamily).map(([name, api]): [string, Api] => [`${family}.${name}`, api]),
  ),
  ['concurrent.futures.ProcessPoolExecutor', 'ProcessPoolExecutor'],
  ['concurrent.futures.process.ProcessPoolExecutor', 'ProcessPoolExecutor'],
  ['concurrent.futures.ThreadPoolExecutor', 'ThreadPoolExecutor'],
  ['concurrent.futures.thread.ThreadPoolExecutor', 'ThreadPoolExecutor'],
  ['threading.Thread', 'Thread'],
  ['threading.Timer', 'Thread'],
  ['os.pipe', 'OsPipe'],
  ['os.fork', 'Fork'],
  ['os.forkpty', 'Fork'],
  ['pty.fork', 'Fork'],
]);

/** Text without any of these is irrelevant to the checks, and is not parsed. */
export const WORTH_PARSING = new RegExp(
  `\\b(${PACKAGE_FAMILIES.map((each) => each.replaceAll('.', '\\.')).join('|')}|concurrent|fork(pty)?)\\b`,
);

/** The pool methods that submit tasks to workers, with the position of the arguments. */
export const POOL_TASKS: ReadonlySet<string> = new Set([
  'apply',
  'apply_async',
  'map',
  'map_async',
  'imap',
  'imap_unordered',
  'starmap',
  'starmap_async',
]);
