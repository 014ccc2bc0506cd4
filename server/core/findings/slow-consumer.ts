import type { Channel, Use } from '../model/entities/channel';
import { count, list, quoted, who } from './text';
import type { Check, Draft, Evidence, Scene } from './types';

/** A queue grows and grows, or is full for long: whoever takes from it is slower than whoever puts. */
export const slowConsumer: Check = {
  code: 'slow-consumer',
  kind: 'fact',
  check: (scene) => [...growing(scene), ...full(scene)],
};

/** It has grown for so long, ms, and holds so many items. */
const GROWING_MS = 5000;
const DEPTH = 1000;
/** A put has waited for room for so long, ns. */
const FULL = 10e9;

/** Said once, it stays said as long as the queue is not half empty. */
const said = new WeakMap<Channel, Draft>();

function growing({ model, now }: Scene): Draft[] {
  return model.channels.all.flatMap((channel) => {
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
    // A burst that is put at once and then taken only falls.
    if (first === undefined || middle === undefined || first * 1.1 > middle || middle * 1.1 > channel.depth) return [];
    const { producers, consumers, evidence } = parties(channel);
    const perSecond = Math.round((channel.depth - first) / (GROWING_MS / 1000));
    const draft: Draft = {
      key: `grows ${channel.id}`,
      severity: 'warning',
      message: `${quoted(channel)} grows by ${count(perSecond, 'item')} a second and holds ${channel.depth}: ${list(consumers.map((each) => who(each.process)))} ${consumers.length === 1 ? 'takes' : 'take'} slower than ${list(producers.map((each) => who(each.process)))} ${producers.length === 1 ? 'puts' : 'put'}.`,
      advice: 'Bound the queue (Queue(maxsize=…)), so that put() waits, or start more consumers.',
      processes: [...consumers, ...producers].map((each) => each.process),
      channels: [channel],
      evidence,
      since: now - GROWING_MS * 1e6,
    };
    said.set(channel, draft);
    return [draft];
  });
}

function full({ waits, now }: Scene): Draft[] {
  const longest = new Map<Channel, number>();
  for (const { operation, channel, timeout, since, process } of waits.all) {
    if (operation !== 'put' || channel === null || channel.owner !== 'user' || timeout !== null) continue;
    if (now - since >= FULL && !waits.stuck.has(process))
      longest.set(channel, Math.min(since, longest.get(channel) ?? since));
  }
  return [...longest].map(([channel, since]) => {
    const { producers, consumers, evidence } = parties(channel);
    const takers =
      consumers.length === 0
        ? 'nobody takes from it'
        : `${list(consumers.map((each) => who(each.process)))} last took from it long ago`;
    return {
      key: `full ${channel.id}`,
      severity: 'info',
      message: `${quoted(channel)} is full (${channel.depth}/${channel.capacity}), and a put has waited for room for more than ${FULL / 1e9} s: ${takers}.`,
      advice: 'Look at what the consumers do: start more of them, make them faster, or put with a time-out.',
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
    ...producers.map((each) => ({
      line: each.lastLine,
      caption: `${who(each.process)} puts here`,
      process: each.process,
    })),
    ...consumers.map((each) => ({
      line: each.lastLine,
      caption: `${who(each.process)} takes here`,
      process: each.process,
    })),
    { line: channel.line, caption: `${quoted(channel)} is made here`, process: channel.createdBy },
  ];
  return { producers, consumers, evidence };
}
