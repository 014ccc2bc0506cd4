/** What the rows of the Channels view say. Pure, as labels.ts. */

import * as l10n from '@vscode/l10n';
import type { ChannelKind, ChannelMeta, ChannelStatus, Endpoint, ProcessMeta } from '../../server/protocol/views';
import { count, rate } from '../../server/shared/format';
import type { Row } from './labels';

const SEPARATOR = ' · ';

export function isQueue(kind: ChannelKind): boolean {
  return kind !== 'Pipe' && kind !== 'Connection';
}

function icon(meta: ChannelMeta): string {
  switch (meta.kind) {
    case 'Queue':
      return 'layers';
    case 'JoinableQueue':
      return 'checklist';
    case 'SimpleQueue':
      return 'list-flat';
    case 'Pipe':
      return meta.duplex ? 'arrow-swap' : 'arrow-right';
    case 'Connection':
      return 'plug';
  }
}

function isFull(meta: ChannelMeta, status: ChannelStatus | undefined): boolean {
  return meta.capacity > 0 && (status?.depth ?? 0) >= meta.capacity;
}

/** How many processes put or sent, and how many got or received. */
export function parties(status: ChannelStatus): { readonly producers: number; readonly consumers: number } {
  const producers = new Set<string>();
  const consumers = new Set<string>();
  for (const end of status.endpoints) {
    if (end.sends > 0) {
      producers.add(end.processId);
    }
    if (end.receives > 0) {
      consumers.add(end.processId);
    }
  }
  return { producers: producers.size, consumers: consumers.size };
}

/** "3/10", or "3" where there is no capacity. */
export function depthText(meta: ChannelMeta, status: ChannelStatus | undefined): string {
  const depth = count(status?.depth ?? 0);
  return meta.capacity > 0 ? `${depth}/${count(meta.capacity)}` : depth;
}

/** `live`: its session runs, so that a rate means something. */
export function channelRow(meta: ChannelMeta, status: ChannelStatus | undefined, live: boolean): Row {
  const queue = isQueue(meta.kind);
  const puts = status?.puts ?? 0;
  const gets = status?.gets ?? 0;
  const sends = status?.sends ?? 0;
  const receives = status?.receives ?? 0;
  const traffic = queue
    ? l10n.t('{0} put {1} got', count(puts), count(gets))
    : l10n.t('{0} sent {1} received', count(sends), count(receives));
  const parts = queue || (status?.depth ?? 0) > 0 ? [depthText(meta, status)] : [];
  if (live && status !== undefined && status.rate > 0) {
    parts.push(l10n.t('{0}/s', rate(status.rate)));
  }
  parts.push(traffic);
  const { producers, consumers } = status === undefined ? { producers: 0, consumers: 0 } : parties(status);
  if (producers + consumers > 0) {
    parts.push(`${producers}→${consumers}`);
  }
  const full = isFull(meta, status);
  const library = meta.owner === 'library';
  return {
    label: meta.name,
    description: parts.join(SEPARATOR),
    icon: icon(meta),
    color: library ? 'disabledForeground' : full ? 'charts.yellow' : undefined,
    dim: library,
    context: `channel${meta.line === null ? '' : '.created'}`,
    spoken: [
      l10n.t('{0} {1}', meta.kind, meta.name),
      full ? l10n.t('full') : l10n.t('depth {0}', depthText(meta, status)),
      traffic,
      producers === 1 ? l10n.t('1 producer') : l10n.t('{0} producers', count(producers)),
      consumers === 1 ? l10n.t('1 consumer') : l10n.t('{0} consumers', count(consumers)),
    ].join(', '),
  };
}

/**
 * The ends by process: one entry for each process and name of an end; used ends come first. A queue has two ends
 * in every process that inherited it; which of them a process uses is what its mode says then.
 */
export function holders(status: ChannelStatus | undefined): Endpoint[] {
  const merged = new Map<string, Endpoint>();
  for (const end of status?.endpoints ?? []) {
    const key = `${end.processId} ${end.name}`;
    const other = merged.get(key);
    merged.set(key, other === undefined ? end : merge(other, end));
  }
  const used = (end: Endpoint): boolean => end.sends + end.receives > 0;
  return [...merged.values()].sort((a, b) => Number(used(b)) - Number(used(a)));
}

function merge(a: Endpoint, b: Endpoint): Endpoint {
  const sends = a.sends + b.sends;
  const receives = a.receives + b.receives;
  const mode = sends > 0 && receives === 0 ? 'w' : receives > 0 && sends === 0 ? 'r' : 'rw';
  return { ...a, mode, sends, receives, open: a.open || b.open };
}

const modeText = (mode: Endpoint['mode']): string =>
  mode === 'r' ? l10n.t('reads') : mode === 'w' ? l10n.t('writes') : l10n.t('reads and writes');

/** The end of a channel in one process; `holder` is undefined while its process is not known yet. */
export function endpointRow(end: Endpoint, holder: ProcessMeta | undefined): Row {
  const label = holder?.name ?? end.processId;
  const parts = [
    ...(end.name === '' ? [] : [end.name]),
    modeText(end.mode),
    ...(end.sends > 0 ? [l10n.t('{0} sent', count(end.sends))] : []),
    ...(end.receives > 0 ? [l10n.t('{0} received', count(end.receives))] : []),
    ...(end.open ? [] : [l10n.t('closed')]),
  ];
  return {
    label,
    description: parts.join(SEPARATOR),
    icon: !end.open
      ? 'circle-slash'
      : end.mode === 'r'
        ? 'arrow-left'
        : end.mode === 'w'
          ? 'arrow-right'
          : 'arrow-both',
    color: end.open ? undefined : 'disabledForeground',
    dim: !end.open,
    context: 'endpoint',
    spoken: [label, ...parts].join(', '),
  };
}
