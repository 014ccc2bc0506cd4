/** Code lenses at the lines that made something: how it goes with it, in a few words. */

import * as l10n from '@vscode/l10n';
import type { CodeLens } from 'vscode-languageserver/node';
import type { FocusParams } from '../../protocol/panel';
import { count, rate } from '../../shared/format';
import { isAlive, isFailed } from '../../shared/processes';
import { stateText } from '../../shared/text/states';
import { shownWait, steadyText } from '../../shared/text/waits';
import type { Creation } from './creations';
import { isQueue, parties } from './words';

const SEPARATOR = ' · ';

/** @param show the client's command that shows a `FocusParams` in the panel; null: it has none, and the lens only tells */
export function codeLenses(all: readonly Creation[], show: string | null): CodeLens[] {
  return all.flatMap((creation) =>
    parts(creation).map(({ title, focus }) => ({
      range: { start: { line: creation.line, character: 0 }, end: { line: creation.line, character: 0 } },
      command: show === null ? { title, command: '' } : { title, command: show, arguments: [focus] },
    })),
  );
}

interface Part {
  readonly title: string;
  readonly focus: FocusParams;
}

function parts(creation: Creation): Part[] {
  const { session, channels, pools, processes } = creation;
  const found: Part[] = [];
  const sessionId = session.id;
  const [channel] = channels;
  const [pool] = pools;
  const [process] = processes;
  if (channel !== undefined) {
    found.push({ title: channelText(creation), focus: { sessionId, channelId: channel.meta.id } });
  }
  if (pool !== undefined)
    found.push({ title: poolText(creation), focus: { sessionId, poolId: pool.meta.id, page: 'pools' } });
  if (process !== undefined) {
    found.push({ title: processText(creation), focus: { sessionId, processId: process.meta.id } });
  }
  return found;
}

/** "depth 3/10 · 120 put/s · 2 producers → 4 consumers" */
function channelText({ channels, session }: Creation): string {
  const queues = channels.every(({ meta }) => isQueue(meta.kind));
  const all = channels.map((each) => each.status);
  const sum = (of: (each: (typeof all)[number]) => number): number => all.reduce((total, each) => total + of(each), 0);
  const capacity = channels.reduce((total, { meta }) => total + meta.capacity, 0);
  const words: string[] = [];
  if (channels.length > 1)
    words.push(queues ? l10n.t('{0} queues', channels.length) : l10n.t('{0} pipes', channels.length));
  const depth = sum((each) => each.depth);
  if (queues || depth > 0) {
    const shown = capacity > 0 ? `${count(depth)}/${count(capacity)}` : count(depth);
    words.push(capacity > 0 && depth >= capacity ? l10n.t('depth {0} (full)', shown) : l10n.t('depth {0}', shown));
  }
  const perSecond = session.live ? sum((each) => each.rate) : 0;
  const sent = count(sum((each) => (queues ? each.puts : each.sends)));
  const got = count(sum((each) => (queues ? each.gets : each.receives)));
  if (perSecond > 0) words.push(queues ? l10n.t('{0} put/s', rate(perSecond)) : l10n.t('{0} sent/s', rate(perSecond)));
  else words.push(queues ? l10n.t('{0} put, {1} got', sent, got) : l10n.t('{0} sent, {1} received', sent, got));
  const { producers, consumers } = parties(all);
  if (producers.size + consumers.size > 0) {
    const from = producers.size === 1 ? l10n.t('1 producer') : l10n.t('{0} producers', producers.size);
    const to = consumers.size === 1 ? l10n.t('1 consumer') : l10n.t('{0} consumers', consumers.size);
    words.push(`${from} → ${to}`);
  }
  return words.join(SEPARATOR);
}

/** "Pool: 3/4 busy, 17 waiting" */
function poolText({ pools, session }: Creation): string {
  const sum = (of: (each: (typeof pools)[number]) => number): number =>
    pools.reduce((total, each) => total + of(each), 0);
  const kind = pools[0]?.meta.kind ?? 'Pool';
  const head = pools.length > 1 ? l10n.t('{0} pools', pools.length) : kind;
  const words: string[] = [];
  const open = session.live && pools.some(({ status }) => status.state === 'open' || status.state === 'closed');
  const pending = sum(({ status }) => status.pending);
  if (pools.some(({ status }) => status.state === 'broken')) words.push(l10n.t('broken'));
  if (open) {
    const busy = sum(({ status }) => status.activity?.busy ?? status.running);
    words.push(l10n.t('{0}/{1} busy', count(busy), count(sum(({ meta }) => meta.size))));
    words.push(l10n.t('{0} waiting', count(pending)));
  } else {
    words.push(l10n.t('{0} done', count(sum(({ status }) => status.completed))));
    if (pending > 0) words.push(l10n.t('{0} never ran', count(pending)));
  }
  const failed = sum(({ status }) => status.failed);
  if (failed > 0) words.push(l10n.t('{0} failed', count(failed)));
  const cancelled = sum(({ status }) => status.cancelled);
  if (cancelled > 0) words.push(l10n.t('{0} cancelled', count(cancelled)));
  const lost = sum(({ status }) => status.lost);
  if (lost > 0) words.push(l10n.t('{0} lost', count(lost)));
  return `${head}: ${words.join(', ')}`;
}

/** "4 processes, 1 failed" */
function processText({ processes, session }: Creation): string {
  const [only] = processes;
  if (processes.length === 1 && only !== undefined) {
    const { meta, status } = only;
    return `${meta.name || l10n.t('process')} (${meta.pid}): ${steady(status, session.nowMs)}`;
  }
  const words = [l10n.t('{0} processes', count(processes.length))];
  const alive = processes.filter(({ status }) => isAlive(status)).length;
  const failed = processes.filter(({ status }) => isFailed(status)).length;
  if (alive > 0) words.push(l10n.t('{0} alive', count(alive)));
  if (failed > 0) words.push(l10n.t('{0} failed', count(failed)));
  const clean = processes.every(({ status }) => status.exitCode === 0);
  // A process that was asked to end may be killed by a signal, and has not failed.
  if (alive + failed === 0) words.push(clean ? l10n.t('all exited 0') : l10n.t('none failed'));
  return words.join(', ');
}

/** Without how long it waits: a lens that counts seconds would never rest. */
function steady(status: Creation['processes'][number]['status'], nowMs: number): string {
  const wait = status.state === 'waiting' ? shownWait(status) : undefined;
  return wait === undefined ? stateText(status, nowMs) : steadyText(wait);
}
