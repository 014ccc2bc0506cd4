import type { ProcessRef } from '../../protocol/findingParams';
import type { Channel, Use } from '../model/entities/channel';
import { channelCreated, doesHere } from './evidence';
import { channelRef, processRefs } from './refs';
import type { Candidate, Check, CheckContext, Evidence } from './types';

type Found = Candidate<'slow-consumer'>;

/** A queue keeps growing, or stays full: its consumers are slower than its producers. */
export const slowConsumer: Check<'slow-consumer'> = {
  code: 'slow-consumer',
  kind: 'fact',
  check: (context) => [...growing(context), ...full(context)],
};

/** Minimum time of growth, ms, and minimum number of items. */
const GROWING_MS = 5000;
const DEPTH = 1000;
/** Minimum time that a put has waited for room, ns. */
const FULL = 10e9;

/** A finding that was raised stays until the queue is half empty. */
const said = new WeakMap<Channel, Found>();

function growing({ model, now }: CheckContext): Found[] {
  return model.channels.all.flatMap((channel): Found[] => {
    if (channel.owner !== 'user' || !(channel.isQueue || channel.kind === 'SimpleQueue')) return [];
    const known = said.get(channel);
    if (known !== undefined) {
      if (channel.depth * 2 >= channel.deepest) return [known];
      said.delete(channel);
      return [];
    }
    if (channel.depth < DEPTH || channel.receives === 0) return [];
    const nowMs = (now - model.origin) / 1e6;
    const points = channel.history.points(Number.POSITIVE_INFINITY, model.origin);
    const at = (ms: number) => points.findLast((each) => each.atMs <= ms)?.last;
    const before = [at(nowMs - GROWING_MS), at(nowMs - GROWING_MS / 2)];
    const [first, middle] = before;
    // After a burst of puts the queue only shrinks.
    if (first === undefined || middle === undefined || first * 1.1 > middle || middle * 1.1 > channel.depth) return [];
    const { producers, consumers, evidence } = parties(channel);
    const candidate: Found = {
      key: `grows ${channel.id}`,
      severity: 'warning',
      params: {
        kind: 'grows',
        queue: channelRef(channel),
        itemsPerSecond: Math.round((channel.depth - first) / (GROWING_MS / 1000)),
        depth: channel.depth,
        producers: refs(producers),
        consumers: refs(consumers),
      },
      processes: [...consumers, ...producers].map((each) => each.process),
      channels: [channel],
      evidence,
      since: now - GROWING_MS * 1e6,
    };
    said.set(channel, candidate);
    return [candidate];
  });
}

function full({ waits, now }: CheckContext): Found[] {
  const longest = new Map<Channel, number>();
  for (const { operation, channel, timeout, since, process } of waits.all) {
    if (operation !== 'put' || channel === null || channel.owner !== 'user' || timeout !== null) continue;
    if (now - since >= FULL && !waits.stuck.has(process))
      longest.set(channel, Math.min(since, longest.get(channel) ?? since));
  }
  return [...longest].map(([channel, since]): Found => {
    const { producers, consumers, evidence } = parties(channel);
    return {
      key: `full ${channel.id}`,
      severity: 'info',
      params: {
        kind: 'full',
        queue: channelRef(channel),
        depth: channel.depth,
        capacity: channel.capacity,
        blockedFor: FULL,
        consumers: refs(consumers),
      },
      processes: [...producers, ...consumers].map((each) => each.process),
      channels: [channel],
      evidence,
      since,
    };
  });
}

function parties(channel: Channel): { producers: Use[]; consumers: Use[]; evidence: Evidence[] } {
  const alive = channel.uses.filter((each) => each.open && !each.process.ended);
  const producers = alive.filter((each) => each.sends > 0).slice(0, 4);
  const consumers = alive.filter((each) => each.receives > 0).slice(0, 4);
  const evidence = [
    ...producers.map((each) => doesHere('puts', each.process, each.lastLine)),
    ...consumers.map((each) => doesHere('gets', each.process, each.lastLine)),
    channelCreated(channel),
  ];
  return { producers, consumers, evidence };
}

function refs(uses: readonly Use[]): ProcessRef[] {
  return processRefs(uses.map((each) => each.process));
}
