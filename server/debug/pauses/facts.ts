/** What the debugger itself knows of a pause: of the message, and of its channel. */
import * as l10n from '@vscode/l10n';
import type { DebuggedRun } from '../run';
import { channelOf } from './pausedAt';
import type { PauseInfo } from './pausedThread';
import type { Fact } from './variables';

/** Null: the thread is paused at no message. */
export function messageFacts(run: DebuggedRun, info: PauseInfo): Fact[] | null {
  if (info.message === null) return null;
  const facts: Fact[] = [];
  if (info.message.size !== undefined) facts.push({ name: l10n.t('bytes'), value: String(info.message.size) });
  facts.push({ name: l10n.t('operation'), value: info.op });
  const process = run.threads.find((each) => each.pid === info.pid);
  if (process) facts.push({ name: info.phase === 'before' ? l10n.t('from') : l10n.t('to'), value: process.name });
  return facts;
}

/** Null: the channel is not known. */
export function channelFacts({ session }: DebuggedRun, info: PauseInfo): Fact[] | null {
  const known = channelOf(session, info);
  if (known === null) return null;
  const { channels = [], channelStatus = [], processes = [], processStatus = [] } = session.snapshot();
  const meta = channels.find((each) => each.id === known.id);
  const status = channelStatus.find((each) => each.id === known.id);
  if (meta === undefined || status === undefined) return null;
  const name = (id: string): string => processes.find((each) => each.id === id)?.name ?? id;
  const users = (mode: 'r' | 'w'): string => {
    const open = status.endpoints.filter((each) => each.open && each.mode.includes(mode));
    return [...new Set(open.map((each) => name(each.processId)))].join(', ');
  };
  const waiting = processStatus.filter((each) => each.waits.some((wait) => wait.channelId === known.id));
  return [
    { name: l10n.t('name'), value: `${meta.name} (${meta.kind})` },
    { name: l10n.t('depth'), value: String(status.depth) },
    { name: l10n.t('capacity'), value: meta.capacity > 0 ? String(meta.capacity) : l10n.t('unbounded') },
    { name: l10n.t('writers'), value: users('w') },
    { name: l10n.t('readers'), value: users('r') },
    { name: l10n.t('waiting'), value: waiting.map((each) => name(each.id)).join(', ') || l10n.t('nobody') },
  ];
}
