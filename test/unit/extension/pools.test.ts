import { describe, expect, test, vi } from 'vitest';
import { SessionStore } from '../../../extension/state/sessionStore';
import { poolRow, shownWorkers, workerRow } from '../../../extension/views/poolLabels';
import { poolTooltip } from '../../../extension/views/tooltips';
import { poolActivity, poolMeta, poolStatus, processMeta, sessionMeta, sessionStatus, workerState } from './fixtures';

vi.mock('vscode', () => ({}));
const { PoolsSource } = await import('../../../extension/views/pools');

const busy = workerState({
  id: 'p2',
  name: 'PoolWorker-1',
  state: 'busy',
  done: 3,
  current: { taskId: 9, function: 'square', arguments: '7', sinceMs: 1000, line: null, functionLine: null },
});

describe('rows of pools', () => {
  test('an open pool shows how many workers are busy, and the queued tasks', () => {
    const status = poolStatus({ pending: 17, failed: 2, activity: poolActivity({ busy: 3, idle: 1 }) });
    expect(poolRow(poolMeta(), status, true)).toMatchObject({
      label: 'pool',
      description: 'Pool · 3/4 busy · 17 waiting · 2 failed',
      context: 'pool.created.open',
      spoken: 'Pool pool, 3/4 busy, 17 waiting, 2 failed',
    });
    expect(poolRow(poolMeta({ line: null }), status, true).context).toBe('pool.open');
  });
  test('a closed one shows totals; a broken one is marked', () => {
    const status = poolStatus({ state: 'closed', completed: 12 });
    expect(poolRow(poolMeta(), status, false).description).toBe('Pool · closed · 12 done');
    expect(poolRow(poolMeta(), poolStatus({ state: 'broken' }), true)).toMatchObject({
      icon: 'error',
      color: 'charts.red',
      description: 'Pool · broken · 0 done',
    });
  });
  test('a worker shows its current task and since when, else that it is idle', () => {
    expect(workerRow(busy, 2500).description).toBe('square(7) · 1.5 s · 3 done');
    expect(workerRow(workerState({ failed: 1 }), 0).description).toBe('idle · 0 done · 1 failed');
    expect(workerRow({ ...busy, state: 'lost' }, 0)).toMatchObject({
      description: 'square(7) · died during a task · 3 done',
      icon: 'error',
    });
  });
  test('replaced workers are hidden as long as there are others', () => {
    const gone = workerState({ id: 'p1', state: 'ended' });
    expect(shownWorkers(poolStatus({ activity: poolActivity({ workers: [busy, gone] }) }))).toEqual([busy]);
    expect(shownWorkers(poolStatus({ activity: poolActivity({ workers: [gone] }) }))).toEqual([gone]);
    expect(shownWorkers(undefined)).toEqual([]);
  });
});

test('the tree: sessions with pools, pools, workers; every row has its parent', () => {
  const store = new SessionStore((flush) => flush());
  const source = new PoolsSource(store);
  expect(source.children(undefined)).toEqual([]);
  const session = { full: true, meta: sessionMeta(), status: sessionStatus(), processes: [processMeta()] };
  store.apply({ version: 1, sessions: [{ ...session, id: 'bare' }], closed: [] });
  expect(source.children(undefined)).toEqual([]);
  store.apply({
    version: 1,
    sessions: [
      {
        ...session,
        id: 's',
        pools: [poolMeta()],
        poolStatus: [poolStatus({ activity: poolActivity({ workers: [busy] }) })],
      },
    ],
    closed: [],
  });
  const [root] = source.children(undefined);
  expect(root).toEqual({ kind: 'session', sessionId: 's' });
  expect(root && source.row(root)?.description).toBe('1 pool');
  const [pool] = root ? source.children(root) : [];
  expect(pool).toEqual({ kind: 'pool', sessionId: 's', poolId: 'q1' });
  const [worker] = pool ? source.children(pool) : [];
  expect(worker).toEqual({ kind: 'worker', sessionId: 's', poolId: 'q1', workerId: 'p2' });
  expect(worker && source.row(worker)?.label).toBe('PoolWorker-1');
  expect([worker, pool, root].map((each) => each && source.parent(each))).toEqual([pool, root, undefined]);
  const state = store.session('s');
  const tooltip = state && poolTooltip(state, poolMeta({ name: 'a|b' }), state.poolStatus.get('q1'));
  expect(tooltip).toContain('**a\\|b** (Pool)');
  expect(tooltip).toContain('command:forkscope.goToCreationLine?');
});
