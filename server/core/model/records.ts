import { type DarkReason, isDarkReason } from '../../protocol/dark';
import { OWN_START_METHODS } from '../../protocol/libraries';
import type { ChannelKind, EndpointMode, PoolKind, ProcessOrigin, StartMethod } from '../../protocol/views';
import type { RecordType } from '../../protocol/vocabulary';
import type { Channel, End, Use } from './channels';
import { bool, num, optionalNum, type RecordFields, records, str, strings } from './fields';
import { Meetings, type Place, type Unplaced } from './meetings';
import type { SessionModel } from './model';
import type { Pool } from './pools';
import { addWorker } from './poolTasks';
import { type Image, PARENT_BY, programName } from './processes';
import { shownName, shownPlace } from './shown';
import { locationOf } from './waits';

const KINDS: readonly ChannelKind[] = ['Queue', 'JoinableQueue', 'SimpleQueue', 'Pipe', 'Connection'];
const POOL_KINDS: readonly PoolKind[] = ['Pool', 'ThreadPool', 'ProcessPoolExecutor'];
const METHODS: readonly StartMethod[] = ['fork', 'spawn', 'forkserver', ...OWN_START_METHODS];
const ORIGINS: readonly ProcessOrigin[] = [
  'process',
  'pool-worker',
  'executor-worker',
  'forkserver',
  'resource-tracker',
  'manager',
];

const MAX_FAILED_STARTS = 1000;

type Apply = (model: SessionModel, image: Image, record: RecordFields, at: number) => void;

/** One record of a journal, whatever it holds. An unknown type is of a newer runtime: ignored. */
export function applyRecord(model: SessionModel, image: Image, record: RecordFields): void {
  const type = str(record, 'type');
  const apply = Object.hasOwn(APPLY, type) ? APPLY[type as RecordType] : undefined;
  apply?.(model, image, record, num(record, 't'));
}

const APPLY: Readonly<Partial<Record<RecordType, Apply>>> = {
  process(model, image, record) {
    const { processes } = model;
    const process = image.process;
    process.argv = strings(record, 'argv');
    process.python = str(record, 'python') || null;
    if (image.parent === null) process.pidSpace = num(record, 'pidns');
    processes.dirtyMeta.add(process);
    if (image.parent !== null) {
      // In C a child may fork again before its first event: then the nearest ancestor that has a journal is not the parent.
      const parent = processes.kernelParent(image) ?? image.parent.process;
      processes.setParent(process, parent, PARENT_BY.fork);
      if (process.parentBy <= PARENT_BY.maker && parent === process.parent) {
        processes.setOrigin(process, 'fork', 1);
        processes.setName(process, `fork of ${parent.name}`, 1);
      }
      if (process.line === 0) process.line = locationOf(image, num(record, 'loc'));
      // Of a child that was slow to begin its parent has told the fork, and may have told what it closed after it.
      inherit(model, image, Math.min(num(record, 't'), process.startedAt));
    } else if (model.main === null) {
      model.adoptMain(process);
    } else {
      processes.setName(process, programName(process.argv), 1);
      processes.setParent(process, processes.kernelParent(image), PARENT_BY.none); // by a shell, or by C code
    }
  },
  identity(model, image, record) {
    const origin = str(record, 'origin') as ProcessOrigin;
    image.identified = true;
    if (ORIGINS.includes(origin)) model.processes.setOrigin(image.process, origin, 4);
    model.processes.setName(image.process, str(record, 'name'), 4);
  },
  loc(model, image, record) {
    image.locs.set(
      num(record, 'id'),
      model.locations.intern({ file: str(record, 'file'), line: num(record, 'line'), function: str(record, 'func') }),
    );
  },
  thread(_model, image, record) {
    const ident = num(record, 'thread');
    const known = image.threads.get(ident);
    // One record is of its start, another of its first operation, in any order; an ident may be used again.
    const target = str(record, 'target') || (known?.ended === false ? known.target : '');
    image.threads.set(ident, { name: str(record, 'name'), target, ended: bool(record, 'ended') });
    if (bool(record, 'unknown')) image.threadsUnknown = true;
  },
  forkThreads(_model, image, record) {
    const others = records(record, 'others').map((each) => ({
      name: str(each, 'name'),
      target: str(each, 'target'),
      line: locationOf(image, num(each, 'loc')),
    }));
    image.forkThreads.set(num(record, 'thread'), others);
  },
  ending(_model, image) {
    image.ending = true;
  },
  channel(model, image, record, at) {
    const { channels } = model;
    const channel = channels.ensure(num(record, 'id'));
    describeChannel(model, image, channel, record);
    const ends = records(record, 'ends');
    ends.forEach((end, index) => {
      channels.setKey(str(end, 'key'), channel, index);
      use(image, channels.addEnd(num(end, 'id'), channel, mode(end), index), at);
    });
    channels.dirtyStatus.add(channel);
  },
  endpoint(model, image, record, at) {
    const { channels } = model;
    const gid = num(record, 'id');
    if (channels.keyed(str(record, 'key')) === null && Meetings.isBare(record))
      channels.meetings.putAside(gid, { image, record, at, closedAt: -1 });
    else placeEndpoint(model, image, record, at);
  },
  challenge(model, _image, record) {
    const { meetings, ends } = model.channels;
    const gid = num(record, 'id');
    const word = str(record, 'word');
    const aside = meetings.takeBack(gid);
    if (aside !== undefined) placeAside(model, { ...aside, record: { ...aside.record, word } });
    const end = ends.get(gid);
    if (end !== undefined) meetings.awaitWord(end, word);
  },
  queue(model, image, record, at) {
    const { channels } = model;
    const ends = records(record, 'ends');
    const known = ends.map((end) => channels.keyed(str(end, 'key'))).find((each) => each !== null);
    const channel = known?.channel ?? channels.ensure(num(record, 'id'));
    if (known === undefined) describeChannel(model, image, channel, record);
    channels.byGid.set(num(record, 'id'), channel);
    ends.forEach((end, index) => {
      if (known === undefined) channels.setKey(str(end, 'key'), channel, index);
      use(image, channels.addEnd(num(end, 'id'), channel, mode(end), index), at);
    });
    channels.dirtyStatus.add(channel);
  },
  close(model, image, record, at) {
    model.channels.meetings.closed(num(record, 'id'), at);
    const end = model.channels.ends.get(num(record, 'id'));
    const found = end === undefined ? undefined : useOf(image, end);
    if (found !== undefined) {
      found.open = false;
      found.closedAt = at;
      model.channels.dirtyStatus.add(found.channel);
    }
  },
  lock(model, image, record) {
    model.locks.declare(
      num(record, 'id'),
      str(record, 'kind'),
      str(record, 'name'),
      locationOf(image, num(record, 'loc')),
      str(record, 'owner'),
      str(record, 'key'),
    );
  },
  child(model, image, record) {
    model.children.set(num(record, 'id'), record);
    if (!image.identified) image.process.madeChildAt = locationOf(image, num(record, 'loc'));
  },
  start(model, image, record, at) {
    const { processes } = model;
    const pid = num(record, 'pid');
    if (pid <= 0) return;
    const process = processes.made(pid, at, PARENT_BY.creator);
    if (process.image === null) process.pidSpace = image.process.pidSpace;
    const child = model.children.get(num(record, 'id')) ?? {};
    processes.setParent(process, image.process, PARENT_BY.creator);
    processes.setName(process, str(record, 'name') || str(child, 'name'), 5);
    const kind = str(child, 'kind') as ProcessOrigin;
    processes.setOrigin(process, ORIGINS.includes(kind) ? kind : 'process', 5);
    const method = str(record, 'method') as StartMethod;
    process.startMethod = METHODS.includes(method) ? method : null;
    process.target = str(child, 'target') || null;
    process.daemon = bool(record, 'daemon');
    process.line = locationOf(image, num(record, 'loc')) || process.line;
  },
  startFailed(model, image, record, at) {
    if (model.failedStarts.length >= MAX_FAILED_STARTS) return;
    model.failedStarts.push({
      process: image.process,
      name: str(record, 'name'),
      line: locationOf(image, num(record, 'loc')),
      at,
      error: str(record, 'error'),
    });
  },
  fork(model, image, record, at) {
    const pid = num(record, 'pid');
    if (pid <= 0) return;
    const { processes } = model;
    const process = processes.made(pid, at, PARENT_BY.maker, image);
    if (process.image === null) process.pidSpace = image.process.pidSpace;
    processes.setParent(process, image.process, PARENT_BY.maker);
    processes.setOrigin(process, 'fork', 1);
    processes.setName(process, `fork of ${image.process.name}`, 1);
    process.darkSaid = dark(record);
    if (process.argv.length === 0) process.argv = image.process.argv;
    if (process.line === 0) process.line = locationOf(image, num(record, 'loc'));
    const line = locationOf(image, num(record, 'loc'));
    const thread = num(record, 'thread');
    const threads = image.forkThreads.get(thread) ?? [];
    if (threads.length > 0) model.threadedForks.push({ parent: image.process, child: process, line, at, threads });
    image.forkThreads.delete(thread);
  },
  spawn(model, image, record, at) {
    const pid = num(record, 'pid');
    if (pid <= 0) return;
    const { processes } = model;
    const process = processes.made(pid, at, PARENT_BY.maker);
    if (process.image === null) process.pidSpace = image.process.pidSpace;
    const argv = strings(record, 'argv');
    processes.setParent(process, image.process, PARENT_BY.maker);
    const before = process.image;
    if (before !== null && before.parent === image) {
      // A child in which preexec_fn was run has a journal from before its exec: it is another program now.
      process.argv = argv;
      process.python = null;
      process.image = null;
    } else if (process.argv.length === 0) process.argv = argv;
    if (str(record, 'call') === 'multiprocessing') {
      const text = argv.join(' ');
      const helper = text.includes('resource_tracker')
        ? 'resource-tracker'
        : text.includes('forkserver')
          ? 'forkserver'
          : null;
      if (helper !== null) {
        processes.setOrigin(process, helper, 4);
        processes.setName(process, helper, 4);
      } else {
        processes.setOrigin(process, 'process', 3);
      }
    } else {
      processes.setOrigin(process, 'subprocess', 3);
      processes.setName(process, programName(argv), 3);
    }
    process.line = locationOf(image, num(record, 'loc')) || process.line;
    process.darkSaid = dark(record);
    processes.dirtyMeta.add(process);
  },
  exec(model, image, record) {
    const process = image.process;
    process.argv = strings(record, 'argv');
    process.image = null; // its next journal is the same process
    process.darkSaid = dark(record);
    model.processes.setName(process, programName(process.argv), process.nameBy);
  },
  execFailed(_model, image) {
    image.process.image = image;
  },
  signal(model, image, record, at) {
    const target = model.processes.find(num(record, 'pid'), at);
    if (target === null) return;
    target.signalled = num(record, 'signal');
    target.signalledBy = image.process;
  },
  reap(model, _image, record, at) {
    const process = model.processes.find(num(record, 'pid'), at) ?? model.processes.latest(num(record, 'pid'));
    if (process === null) return;
    model.processes.reaped(process, at);
    const signal = optionalNum(record, 'signal');
    const code = optionalNum(record, 'code');
    if (signal !== null) model.processes.end(process, 'killed', at, null, signal);
    else model.processes.end(process, 'exited', process.saidEnd(at), code, null);
    touchUses(model, image(process));
    function image(of: typeof process): Image | null {
      return of?.image ?? null;
    }
  },
  exit(model, image, record, at) {
    model.processes.saidExit(image.process, at, optionalNum(record, 'code'));
  },
  pool(model, image, record) {
    const pool = model.pool(poolKey(model, num(record, 'inqueue')) || num(record, 'id'));
    model.pools.set(num(record, 'id'), pool);
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
    model.dirtyPoolMeta.add(pool);
    model.dirtyPools.add(pool);
    ownQueues(model, pool, record);
  },
  poolQueues(model, _image, record) {
    const pool = model.pool(num(record, 'id'));
    const key = poolKey(model, num(record, 'inqueue'));
    if (key !== 0) model.pools.set(key, pool);
    ownQueues(model, pool, record);
  },
  poolState(model, _image, record, at) {
    const pool = model.pool(poolKey(model, num(record, 'id')) || num(record, 'id'));
    pool.changed(str(record, 'state'), at);
    model.dirtyPools.add(pool);
  },
  poolWorker(model, image, record, at) {
    const pool = model.pool(poolKey(model, num(record, 'id')) || num(record, 'id'));
    const isThread = optionalNum(record, 'pid') === null;
    pool.addWorker(isThread ? str(record, 'worker') : image.process.id, at);
    addWorker(model, pool, image, isThread ? num(record, 'thread') : 0, str(record, 'worker'));
    model.dirtyPools.add(pool);
  },
  handler(_model, image, record, at) {
    const [disposition, name] = [str(record, 'kind'), str(record, 'name')];
    image.signals.changed(num(record, 'signal'), {
      at,
      disposition,
      name,
      line: locationOf(image, num(record, 'loc')),
    });
  },
  developer(model, image, record, at) {
    model.developer.record(model, image, record, at);
  },
  diag(model, image, record) {
    const [where, kind] = str(record, 'code').split(':');
    if (where === 'lines') {
      const reason = [kind, str(record, 'text')].filter((each) => each !== '').join(': ');
      model.lineProblems.push({ process: image.process, reason });
      model.warn(`The line debugger did not start in pid ${image.pid}: ${reason}.`);
      return;
    }
    if (where === 'locked') {
      const mb = Math.round(Number(str(record, 'text'))) || 0;
      model.warn(
        `Process ${image.pid} kept ${mb} MB of memory locked (mlockall), most of them Forkscope's journal, which is mapped whole. A lower limit of the recording's size makes that small.`,
      );
      return;
    }
    model.warn(`Recording of pid ${image.pid} is incomplete: ${str(record, 'text')} (${str(record, 'code')}).`);
  },
};

function placeEndpoint(model: SessionModel, image: Image, record: RecordFields, at: number): End {
  const { channels } = model;
  const { meetings } = channels;
  const gid = num(record, 'id');
  const key = str(record, 'key');
  const known = channels.keyed(key);
  const keyed = (each: string) => channels.keyed(each);
  const place = shownAt(model, gid) ??
    known ??
    meetings.find(record, keyed, at) ?? { channel: channels.ensure(gid), side: 0 };
  const { channel } = place;
  // The other end's journal may have been read first.
  if (channel.describedAt < 0 || (channel.kind === 'Connection' && at < channel.describedAt))
    describeChannel(model, image, channel, { ...record, kind: 'Connection', duplex: mode(record) === 'rw' });
  if (known === null) channels.setKey(key, channel, place.side);
  const end = channels.addEnd(gid, channel, mode(record), channel.duplex ? place.side : mode(record) === 'w' ? 1 : 0);
  if (known === null) meetings.await(end, record, at);
  use(image, end, at);
  channels.dirtyStatus.add(channel);
  return end;
}

/** Where this end was when the session was watched. */
function shownAt(model: SessionModel, gid: number): Place | null {
  const shown = shownPlace(model.channels.shown, gid);
  return shown === null ? null : { channel: model.channels.ensure(shown.channel), side: shown.side };
}

/** The end that this is the id of. A connection that showed nothing of its other end has one as soon as it is used. */
export function endOf(model: SessionModel, gid: number): End | undefined {
  const { ends, meetings } = model.channels;
  const known = ends.get(gid);
  if (known !== undefined) return known;
  const aside = meetings.takeBack(gid);
  return aside === undefined ? undefined : placeAside(model, aside);
}

function placeAside(model: SessionModel, { image, record, at, closedAt }: Unplaced): End {
  const end = placeEndpoint(model, image, record, at);
  if (closedAt >= 0) {
    const found = use(image, end);
    found.open = false;
    found.closedAt = closedAt;
  }
  return end;
}

function ownQueues(model: SessionModel, pool: Pool, record: RecordFields): void {
  for (const gid of [num(record, 'inqueue'), num(record, 'outqueue')]) {
    const channel = model.channels.of(gid);
    if (channel === undefined) continue;
    channel.owner = 'library';
    channel.pool = pool;
    model.channels.dirtyMeta.add(channel);
  }
}

/** A pool is found by its inner queue of tasks, which workers know under ids of their own: by that queue's channel. */
export function poolKey(model: SessionModel, gid: number): number {
  const channel = model.channels.of(gid);
  return channel === undefined ? 0 : -1 - channel.number;
}

/** The pool of this id, if there is one that was declared: of the pool itself, or of its inner queue of tasks. */
export function poolOf(model: SessionModel, gid: number): Pool | null {
  const found = model.pools.get(poolKey(model, gid) || gid);
  return found?.declared === true ? found : null;
}

function dark(record: RecordFields): DarkReason | null {
  const why = str(record, 'dark');
  return isDarkReason(why) ? why : null;
}

function mode(record: RecordFields): EndpointMode {
  const text = str(record, 'mode');
  return text === 'r' || text === 'w' ? text : 'rw';
}

function describeChannel(model: SessionModel, image: Image, channel: Channel, record: RecordFields): void {
  const kind = str(record, 'kind') as ChannelKind;
  channel.kind = KINDS.includes(kind) ? kind : 'Connection';
  const names = strings(record, 'names');
  channel.names = names.length === 2 ? [names[0] as string, names[1] as string] : null;
  const given = str(record, 'name') || (channel.names === null ? '' : `${channel.names[0]} ⇄ ${channel.names[1]}`);
  const pair = channel.names !== null && !bool(record, 'duplex') ? `${channel.names[1]} → ${channel.names[0]}` : given;
  const shown = channel.kind === 'Connection' ? shownName(model.channels.shown, channel.id) : '';
  channel.isNumbered = pair === '' && (channel.isNumbered || channel.name === '');
  channel.name = shown || pair || channel.name || model.channels.numbered(channel.kind, channel.id);
  channel.describedAt = num(record, 't');
  channel.line = locationOf(image, num(record, 'loc'));
  channel.owner = str(record, 'owner') === 'library' ? 'library' : 'user';
  channel.capacity = num(record, 'capacity');
  channel.duplex = bool(record, 'duplex');
  channel.createdBy = image.process;
  model.channels.dirtyMeta.add(channel);
}

export function useOf(image: Image, end: End): Use | undefined {
  return image.uses.get(end.gid);
}
/**
 * The use of this end by this image; made when it was inherited in a way that nobody told of.
 * @param openedAt monotonic ns; -1: before anything that was recorded of it
 */
export function use(image: Image, end: End, openedAt = -1): Use {
  if (end.recent?.image === image) return end.recent.use;
  let found = image.uses.get(end.gid);
  if (found === undefined || found.channel !== end.channel) {
    const same = end.channel.uses.find(
      (each) => each.process === image.process && each.end.side === end.side && each.end.mode === end.mode,
    );
    found = same ?? {
      process: image.process,
      channel: end.channel,
      end,
      open: true,
      openedAt,
      closedAt: -1,
      sends: 0,
      receives: 0,
      inherited: false,
      lastLine: 0,
      lastSentAt: -1,
      lastReceivedAt: -1,
      lastReceiver: 0,
    };
    found.open = true;
    if (same === undefined) end.channel.uses.push(found);
    image.uses.set(end.gid, found);
  }
  end.recent = { image, use: found };
  return found;
}

/** A forked child holds copies of all ends that its parent has open. */
function inherit(model: SessionModel, image: Image, at: number): void {
  const inherited = image.parent?.uses;
  if (inherited === undefined) return;
  for (const each of inherited.values()) {
    // Its journal may be found later than what its parent opened and closed after the fork.
    if (each.openedAt <= at && (each.open || each.closedAt > at)) {
      use(image, each.end, at).inherited = true;
      model.channels.dirtyStatus.add(each.channel);
    }
  }
}

function touchUses(model: SessionModel, image: Image | null): void {
  if (image === null) return;
  for (const each of image.uses.values()) model.channels.dirtyStatus.add(each.channel);
}
