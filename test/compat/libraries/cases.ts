/** The programs, their requirements, and the expected contents of Forkscope's report. */
import type { Report } from '../../../server/protocol/report';

export interface Case {
  /** Its name in the table. */
  readonly title: string;
  /** The file in programs/, without .py. */
  readonly program: string;
  /** The module without which it is skipped; null: the standard library is sufficient. */
  readonly needs: string | null;
  readonly expected: Expected;
}

/** Expected contents. Counts are exact where the program determines them, else minimums. */
interface Expected {
  /** All processes, by origin (docs/report.md). */
  readonly processes: Partial<Record<string, number | { atLeast: number }>>;
  readonly channels: Partial<Record<string, number | { atLeast: number }>>;
  readonly pools?: Partial<Record<string, number | { atLeast: number }>>;
  /** Processes of these names. */
  readonly names?: readonly string[];
  /** Over all pools: tasks by outcome, and the workers that ran any. */
  readonly tasks?: {
    readonly completed: number;
    readonly failed: number;
    readonly workers: number | { atLeast: number };
  };
  readonly messages?: number | { atLeast: number };
}

const atLeast = (n: number) => ({ atLeast: n });

export const CASES: readonly Case[] = [
  {
    title: 'multiprocessing: Process, Pool, Queue, Pipe, Manager',
    program: 'primitives',
    needs: null,
    expected: {
      processes: { main: 1, process: 2, 'pool-worker': 2, manager: 1 },
      channels: { Queue: 2, SimpleQueue: atLeast(2), Pipe: atLeast(1) },
      pools: { Pool: 1 },
      messages: atLeast(80),
    },
  },
  {
    title: 'concurrent.futures',
    program: 'futures',
    needs: null,
    expected: {
      processes: { main: 1, 'executor-worker': 2 },
      channels: { Queue: 1, SimpleQueue: 1 },
      pools: { ProcessPoolExecutor: 1 },
      messages: atLeast(44), // 22 tasks and their results
    },
  },
  {
    title: 'subprocess pipelines, asyncio subprocesses',
    program: 'pipelines',
    needs: null,
    expected: { processes: { main: 1, subprocess: 8 }, channels: {} },
  },
  {
    title: 'multiprocessing.shared_memory',
    program: 'shared_memory',
    needs: null,
    expected: {
      processes: { main: 1, process: 2, manager: 1, 'resource-tracker': 1 },
      channels: { Connection: atLeast(1) },
    },
  },
  {
    title: 'numpy: shared memory, pool, queue',
    program: 'numpy_shared',
    needs: 'numpy',
    expected: {
      processes: { main: 1, process: 2, 'pool-worker': 2, 'resource-tracker': 1 },
      channels: { Queue: 1, SimpleQueue: atLeast(2) },
      pools: { Pool: 1 },
      messages: atLeast(17), // 8 tasks, their results, the array
    },
  },
  {
    title: 'joblib, loky',
    program: 'joblib_loky',
    needs: 'joblib',
    expected: {
      processes: { main: 1, 'executor-worker': 2, 'resource-tracker': atLeast(1) },
      channels: { Queue: atLeast(1), SimpleQueue: atLeast(1) },
      pools: { ProcessPoolExecutor: atLeast(2) }, // joblib creates another one after the exception
      messages: atLeast(10),
    },
  },
  {
    title: 'joblib, multiprocessing',
    program: 'joblib_multiprocessing',
    needs: 'joblib',
    expected: {
      processes: { main: 1, 'pool-worker': 2 },
      channels: { Pipe: atLeast(2) },
      pools: { Pool: 1 },
      messages: atLeast(10),
    },
  },
  {
    title: 'multiprocess (dill)',
    program: 'multiprocess_dill',
    needs: 'multiprocess',
    expected: {
      processes: { main: 1, process: 1, 'pool-worker': 2 },
      channels: { Queue: 1, SimpleQueue: atLeast(2), Pipe: 1 },
      pools: { Pool: 1 },
      messages: atLeast(4),
    },
  },
  {
    title: 'pathos',
    program: 'pathos_pool',
    needs: 'pathos',
    expected: {
      processes: { main: 1, 'pool-worker': atLeast(2) },
      channels: { SimpleQueue: atLeast(2) },
      pools: { Pool: atLeast(1) },
    },
  },
  {
    title: 'billiard',
    program: 'billiard_pool',
    needs: 'billiard',
    expected: {
      processes: { main: 1, process: 2, 'pool-worker': 2 },
      channels: { Queue: 1, SimpleQueue: 3, Pipe: 1 },
      pools: { Pool: 1 },
      tasks: { completed: 5 + 1 + 3, failed: 1, workers: 2 },
      // each task is sent, acknowledged and answered; one in the queue, two in the simple queue and in the pipe each
      messages: atLeast(3 * 10 + 5),
    },
  },
  {
    title: 'celery, prefork',
    program: 'celery_prefork',
    needs: 'celery',
    expected: {
      processes: { main: 1, subprocess: atLeast(1), 'pool-worker': 2 },
      channels: { SimpleQueue: 2 },
      pools: { Pool: 1 },
      tasks: { completed: 6, failed: 1, workers: 2 },
      messages: atLeast(3 * 7),
    },
  },
  {
    title: 'celery, prefork in an event loop',
    program: 'celery_events',
    needs: 'celery',
    expected: {
      processes: { main: 1, subprocess: atLeast(1), 'pool-worker': 2 },
      channels: { SimpleQueue: 4 }, // two for each worker
      pools: { Pool: 1 },
      tasks: { completed: 7, failed: 1, workers: 2 },
      messages: atLeast(3 * 8 + 2), // each worker reports that it is up
    },
  },
  {
    title: 'pebble',
    program: 'pebble_pool',
    needs: 'pebble',
    expected: {
      processes: { main: 1, process: 1, 'pool-worker': atLeast(3) }, // one that takes too long is replaced
      channels: { Pipe: 3 },
      pools: { Pool: 1 },
      tasks: { completed: 1 + 3, failed: 2, workers: atLeast(2) },
      messages: atLeast(3 * 5 + 2 + 1), // each task is sent, acknowledged and answered
    },
  },
  {
    title: 'mpire',
    program: 'mpire_pool',
    needs: 'mpire',
    expected: {
      processes: { main: 1, 'pool-worker': atLeast(6) },
      channels: { JoinableQueue: atLeast(3) },
      pools: { Pool: 1 },
      tasks: { completed: 4 + 1 + 4, failed: 1, workers: atLeast(6) },
      names: ['Worker-0', 'Worker-1'],
      messages: atLeast(2 * 10),
    },
  },
  {
    title: 'aiomultiprocess',
    program: 'aiomultiprocess_pool',
    needs: 'aiomultiprocess',
    expected: {
      processes: { main: 1, process: 1, 'pool-worker': 2, manager: 1 },
      channels: { Queue: 2 },
      pools: { Pool: 1 },
      tasks: { completed: 7, failed: 1, workers: atLeast(1) },
      names: ['squarer'],
      messages: atLeast(2 * 8),
    },
  },
  {
    title: 'execnet',
    program: 'execnet_gateways',
    needs: 'execnet',
    expected: { processes: { main: 1, subprocess: 2 }, channels: {}, names: ['gw0', 'gw1'] },
  },
  {
    title: 'pytest-xdist',
    program: 'xdist_workers',
    needs: 'xdist',
    expected: { processes: { main: 1, subprocess: atLeast(3) }, channels: {}, names: ['gw0', 'gw1'] },
  },
  {
    title: 'gunicorn, pre-fork',
    program: 'gunicorn_prefork',
    needs: 'gunicorn',
    expected: { processes: { main: 1, subprocess: 1, fork: 3 }, channels: {} },
  },
  {
    title: 'uvicorn --workers',
    program: 'uvicorn_workers',
    needs: 'uvicorn',
    expected: { processes: { main: 1, subprocess: 1, process: 3 }, channels: { Pipe: 3 }, messages: atLeast(2) },
  },
  {
    title: "Django's autoreloader",
    program: 'django_reload',
    needs: 'django',
    expected: { processes: { main: 1, subprocess: 3 }, channels: {} },
  },
  {
    title: 'torch, DataLoader',
    program: 'torch_loader',
    needs: 'torch',
    // a queue of indices for each worker, one of results; a result is the name of shared memory, whose descriptor is
    // passed by a connection
    expected: { processes: { main: 1, process: 2 }, channels: { Queue: 3 }, messages: atLeast(8 + 4) },
  },
];

/** Expectations that a report does not meet, in words; empty: all met. */
export function unseen(report: Report, expected: Expected): string[] {
  const tally = (names: readonly string[], kind: string) => names.filter((each) => each === kind).length;
  const missing: string[] = [];
  const check = (what: string, found: number, wanted: number | { atLeast: number } | undefined) => {
    if (wanted === undefined) return;
    const right = typeof wanted === 'number' ? found === wanted : found >= wanted.atLeast;
    if (!right)
      missing.push(`${what}: ${found}, not ${typeof wanted === 'number' ? wanted : `at least ${wanted.atLeast}`}`);
  };
  const origins = report.processes.map((each) => each.origin);
  for (const [origin, wanted] of Object.entries(expected.processes)) check(origin, tally(origins, origin), wanted);
  for (const name of expected.names ?? [])
    if (!report.processes.some((each) => each.name === name)) missing.push(`no process is called ${name}`);
  const kinds = report.channels.map((each) => each.kind);
  for (const [kind, wanted] of Object.entries(expected.channels)) check(kind, tally(kinds, kind), wanted);
  const pools = report.pools.map((each) => each.kind);
  for (const [kind, wanted] of Object.entries(expected.pools ?? {})) check(kind, tally(pools, kind), wanted);
  if (expected.tasks !== undefined) {
    const total = (count: (pool: Report['pools'][number]) => number) =>
      report.pools.reduce((sum, pool) => sum + count(pool), 0);
    check(
      'tasks completed',
      total((pool) => pool.completed),
      expected.tasks.completed,
    );
    check(
      'tasks failed',
      total((pool) => pool.failed),
      expected.tasks.failed,
    );
    check(
      'workers',
      total((pool) => pool.workers.length),
      expected.tasks.workers,
    );
  }
  check('messages', report.messages.count, expected.messages);
  return missing;
}
