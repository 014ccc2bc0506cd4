import type { PoolKind } from '../../../../protocol/views';
import type { Pool } from '../../entities/pool';
import { locationOf } from '../../entities/process';
import { bool, num, optionalNum, type RecordFields, str } from '../../input/fields';
import type { SessionModel } from '../../state/sessionModel';
import type { RecordTable } from './types';

const POOL_KINDS: readonly PoolKind[] = ['Pool', 'ThreadPool', 'ProcessPoolExecutor'];

/** Pools, their workers and their internal queues. */
export const POOL_RECORDS: RecordTable = {
  pool(model, image, record) {
    const { pools } = model;
    const pool = pools.at(pools.keyOf(num(record, 'inqueue')) || num(record, 'id'));
    pools.alias(num(record, 'id'), pool);
    const kind = str(record, 'kind') as PoolKind;
    pool.kind = POOL_KINDS.includes(kind) ? kind : 'Pool';
    pool.isNumbered = str(record, 'name') === '' && (pool.isNumbered || pool.name === '');
    pool.name = str(record, 'name') || pool.name || model.channels.numbered(pool.kind, pool.id);
    pool.line = locationOf(image, num(record, 'loc'));
    pool.size = num(record, 'size');
    pool.maxTasks = num(record, 'maxTasks');
    pool.lostFails = bool(record, 'lostFails');
    pool.library = str(record, 'library');
    pool.process = image.process;
    pool.declared = true;
    model.changes.pools.meta(pool);
    model.changes.pools.status(pool);
    ownQueues(model, pool, record);
  },
  poolQueues(model, _image, record) {
    const { pools } = model;
    const pool = pools.at(num(record, 'id'));
    const key = pools.keyOf(num(record, 'inqueue'));
    if (key !== 0) pools.alias(key, pool);
    ownQueues(model, pool, record);
  },
  poolState(model, _image, record, at) {
    const pool = model.pools.ensure(num(record, 'id'));
    pool.changed(str(record, 'state'), at);
    model.changes.pools.status(pool);
  },
  poolWorker(model, image, record, at) {
    const pool = model.pools.ensure(num(record, 'id'));
    const isThread = optionalNum(record, 'pid') === null;
    pool.addWorker(isThread ? str(record, 'worker') : image.process.id, at);
    model.pools.addWorker(pool, image, isThread ? num(record, 'thread') : 0, str(record, 'worker'));
    model.changes.pools.status(pool);
  },
};

function ownQueues(model: SessionModel, pool: Pool, record: RecordFields): void {
  for (const gid of [num(record, 'inqueue'), num(record, 'outqueue')]) {
    const channel = model.channels.of(gid);
    if (channel === undefined) continue;
    channel.owner = 'library';
    channel.pool = pool;
    model.changes.channels.meta(channel);
  }
}
