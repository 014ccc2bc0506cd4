/** What the rows of the Pools view say. Pure, as labels.ts. */

import * as l10n from '@vscode/l10n';
import type { PoolMeta, PoolState, PoolStatus, WorkerState } from '../../server/protocol/views';
import { count, elapsed } from '../../server/shared/format';
import type { Row } from './labels';

const SEPARATOR = ' · ';
/** Arguments are cut after so many characters. */
const MAX_ARGUMENTS = 60;

function stateText(state: PoolState): string {
  switch (state) {
    case 'open':
      return l10n.t('open');
    case 'closed':
      return l10n.t('closed');
    case 'terminated':
      return l10n.t('terminated');
    case 'broken':
      return l10n.t('broken');
  }
}

/** "3/4 busy", "17 waiting": what a pool does now. */
function useText(meta: PoolMeta, status: PoolStatus): readonly string[] {
  const busy = status.activity?.busy ?? status.running;
  return [
    l10n.t('{0}/{1} busy', count(busy), count(meta.size)),
    ...(status.pending > 0 ? [l10n.t('{0} waiting', count(status.pending))] : []),
  ];
}

/** "4 cancelled", "1 lost": tasks whose result will never arrive. */
function droppedText({ cancelled, lost }: PoolStatus): readonly string[] {
  return [
    ...(cancelled > 0 ? [l10n.t('{0} cancelled', count(cancelled))] : []),
    ...(lost > 0 ? [l10n.t('{0} lost', count(lost))] : []),
  ];
}

/** `live`: its session runs. */
export function poolRow(meta: PoolMeta, status: PoolStatus | undefined, live: boolean): Row {
  const state = status?.state ?? 'open';
  const parts: string[] = [meta.kind];
  if (state !== 'open' || !live) {
    parts.push(stateText(state));
  }
  if (status !== undefined) {
    // A finished pool shows its totals.
    parts.push(...(live && (state === 'open' || status.pending + status.running > 0) ? useText(meta, status) : []));
    if (!live || state !== 'open') {
      parts.push(l10n.t('{0} done', count(status.completed)));
    }
    if (status.failed > 0) {
      parts.push(l10n.t('{0} failed', count(status.failed)));
    }
    parts.push(...droppedText(status));
  }
  const broken = state === 'broken';
  const busy = (status?.activity?.busy ?? 0) > 0;
  return {
    label: meta.name,
    description: parts.join(SEPARATOR),
    icon: broken ? 'error' : 'organization',
    color: broken ? 'charts.red' : live && busy ? 'charts.green' : !live ? 'disabledForeground' : undefined,
    dim: false,
    context: `pool${meta.line === null ? '' : '.created'}.${state}`,
    spoken: [`${meta.kind} ${meta.name}`, ...parts.slice(1)].join(', '),
  };
}

/** Workers that are alive or were lost; all known ones if every worker of the pool has ended. */
export function shownWorkers(status: PoolStatus | undefined): readonly WorkerState[] {
  const all = status?.activity?.workers ?? [];
  const shown = all.filter((each) => each.state !== 'ended');
  return shown.length > 0 ? shown : all;
}

/** `now` is the session's clock in ms. */
export function workerRow(worker: WorkerState, now: number): Row {
  const { current, state } = worker;
  const did = [
    l10n.t('{0} done', count(worker.done)),
    ...(worker.failed > 0 ? [l10n.t('{0} failed', count(worker.failed))] : []),
  ];
  const does =
    current === null
      ? [state === 'idle' ? l10n.t('idle') : l10n.t('ended')]
      : [
          `${current.function}(${cut(current.arguments)})`,
          state === 'lost' ? l10n.t('died during a task') : elapsed(now - current.sinceMs),
        ];
  const { icon, color } = workerIcon(state);
  return {
    label: worker.name,
    description: [...does, ...did].join(SEPARATOR),
    icon,
    color,
    dim: state === 'ended',
    context: `worker.${state}`,
    spoken: [worker.name, ...does, ...did].join(', '),
  };
}

function cut(text: string): string {
  return text.length > MAX_ARGUMENTS ? `${text.slice(0, MAX_ARGUMENTS - 1)}…` : text;
}

function workerIcon(state: WorkerState['state']): { icon: string; color: string | undefined } {
  switch (state) {
    case 'busy':
      return { icon: 'play-circle', color: 'charts.green' };
    case 'idle':
      return { icon: 'circle-outline', color: undefined };
    case 'ended':
      return { icon: 'pass', color: 'disabledForeground' };
    case 'lost':
      return { icon: 'error', color: 'charts.red' };
  }
}
