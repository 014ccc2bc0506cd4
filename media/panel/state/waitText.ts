/** Texts of the parts of the waits' drawing. Pure. */

import type { ProcessId } from '../../../server/protocol/views';
import { elapsed } from '../../../server/shared/format';
import type { SessionView } from '../../../server/shared/sessionView';
import { callText } from '../../../server/shared/text/calls';
import { pausedText, stateText } from '../../../server/shared/text/states';
import { t } from '../strings';
import type { WaitArrow, WaitDrawing, WaitNode, WaitPill } from './waits';

const LONGEST = 30;

/** Cut in the middle: names often differ at their ends. */
export function cut(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text;
  const tail = Math.floor((longest - 1) / 2);
  return `${text.slice(0, longest - 1 - tail)}…${text.slice(-tail)}`;
}

function nameOf(session: SessionView, id: ProcessId): string {
  return session.processes.get(id)?.name ?? id;
}

/** "worker-2", or "12 × worker" for a group. */
export function nodeName(session: SessionView, node: WaitNode): string {
  const [first, ...others] = node.processes.map((id) => nameOf(session, id));
  if (first === undefined) return '';
  if (others.length === 0) return first;
  const stem = (name: string) => name.replace(/[-_ ]?\d+$/, '');
  const common = stem(first);
  return common !== '' && others.every((each) => stem(each) === common)
    ? t('{0} × {1}', node.processes.length, common)
    : t('{0} processes', node.processes.length);
}

/** The state of the process: "blocked", "killed by SIGKILL". */
function nodeState(session: SessionView, node: WaitNode): string {
  const status = session.processStatus.get(node.id);
  if (status?.state === 'waiting') return node.stuck ? t('blocked forever') : t('blocked');
  const runs = status === undefined || status.state === 'running';
  return runs && node.dead ? t('ended') : stateText(status, 0);
}

/** "pid 4102 · blocked" */
export function nodeDetail(session: SessionView, node: WaitNode): string {
  const pids = node.processes.map((id) => session.processes.get(id)?.pid).filter((pid) => pid !== undefined);
  const many = pids.length > 1;
  const pid = many ? t('pids {0} to {1}', Math.min(...pids), Math.max(...pids)) : t('pid {0}', pids[0] ?? '?');
  return `${pid} · ${nodeState(session, node)}`;
}

/** "tasks.get()" and below it "3.2 s", or why it ends by itself. */
export function pillTexts(pill: WaitPill, now: number): readonly [string, string] {
  const facts = [
    ...(pill.threads > 1 ? [t('{0} threads', pill.threads)] : []),
    t('for {0}', elapsed(now - pill.sinceMs)),
    ...(pill.real ? [] : [t('has a timeout')]),
    ...(pill.others > 0 ? [t('{0} more could unblock it', pill.others)] : []),
    ...(pill.end === 'none' ? [t('no live process can unblock it')] : []),
    ...(pill.end === 'unknown' ? [t('blocker unknown')] : []),
  ];
  return [cut(callText(pill), 38), facts.join(' · ')];
}

/** "12 × worker: tasks.get() (for 3.2 s), part of a deadlock": the drawing as text. */
export function pillSentence(session: SessionView, drawing: WaitDrawing, pill: WaitPill, now: number): string {
  const node = drawing.nodes.find((each) => each.id === pill.node);
  const waiter = node === undefined ? pill.node : nodeName(session, node);
  const [, facts] = pillTexts(pill, now);
  const text = t('{0}: {1} ({2})', waiter, callText(pill), facts);
  return pill.cycle ? t('{0}, part of a deadlock', text) : text;
}

/** "main.py (can put into it)" */
export function arrowText(session: SessionView, drawing: WaitDrawing, arrow: WaitArrow): string {
  const node = drawing.nodes.find((each) => each.id === arrow.to);
  if (node === undefined) return arrow.to;
  const dead = node.dead ? ` ${t('but it has exited')}` : '';
  const status = session.processStatus.get(node.id);
  const paused = status?.state === 'paused' ? `, ${pausedText(status)}` : '';
  return `${nodeName(session, node)} (${whyText(arrow.why)})${dead}${paused}`;
}

function whyText(why: string): string {
  const known: Readonly<Record<string, () => string>> = {
    'is to end': () => t('has to exit'),
    'is its child': () => t('is its child'),
    'works for the pool': () => t('works for the pool'),
    'runs its tasks': () => t('runs its tasks'),
    'holds it': () => t('holds it'),
    'may notify': () => t('may notify'),
    'can put into it': () => t('can put into it'),
    'has the writing end open': () => t('has the writing end open'),
    'can take from it': () => t('can take from it'),
    'has the reading end open': () => t('has the reading end open'),
    'can mark items done': () => t('can mark items done'),
  };
  return known[why]?.() ?? why;
}
