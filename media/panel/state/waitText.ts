/** What the parts of the waits' drawing say. Pure. */

import type { WaitOperation } from '../../../server/protocol/calls';
import type { ProcessId, ProcessStatus } from '../../../server/protocol/views';
import { baseName, elapsed } from '../../../server/shared/format';
import type { SessionView } from '../../../server/shared/sessionView';
import { t } from '../strings';
import type { WaitArrow, WaitDrawing, WaitNode, WaitPill } from './waits';

const LONGEST = 30;

/** Cut in the middle: names often differ at their ends. */
export function cut(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text;
  const tail = Math.floor((longest - 1) / 2);
  return `${text.slice(0, longest - 1 - tail)}…${text.slice(-tail)}`;
}

/** "get from tasks", "join of worker-1" */
export function doing(operation: WaitOperation, on: string): string {
  if (on === '') return operation;
  switch (operation) {
    case 'get':
    case 'recv':
      return t('{0} from {1}', operation, on);
    case 'put':
    case 'send':
      return t('{0} into {1}', operation, on);
    case 'wait':
      return t('{0} for {1}', operation, on);
    case 'acquire':
      return t('{0} {1}', operation, on);
    case 'queue.join':
      return t('{0} of {1}', 'join', on);
    default:
      return t('{0} of {1}', operation, on);
  }
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

/** How the process is: "waiting", "killed by SIGKILL". */
function nodeState(session: SessionView, node: WaitNode): string {
  const status = session.processStatus.get(node.id);
  switch (status?.state) {
    case 'killed':
    case 'exited':
      return status.signal !== null
        ? t('killed by {0}', status.signal)
        : status.exitCode === null
          ? t('ended')
          : t('exit code {0}', status.exitCode);
    case 'lost':
      return t('gone, nobody saw how');
    case 'waiting':
      return node.stuck ? t('waits for ever') : t('waiting');
    case 'paused':
      return pausedText(status);
    default:
      return node.dead ? t('ended') : t('running');
  }
}

/** "paused at worker.py:12" */
function pausedText({ pausedAt }: ProcessStatus): string {
  return pausedAt ? t('paused at {0}', `${baseName(pausedAt.file)}:${pausedAt.line}`) : t('paused');
}

/** "pid 4102 · waiting" */
export function nodeDetail(session: SessionView, node: WaitNode): string {
  const pids = node.processes.map((id) => session.processes.get(id)?.pid).filter((pid) => pid !== undefined);
  const many = pids.length > 1;
  const pid = many ? t('pids {0} to {1}', Math.min(...pids), Math.max(...pids)) : t('pid {0}', pids[0] ?? '?');
  return `${pid} · ${nodeState(session, node)}`;
}

/** "get from tasks" and below it "3.2 s", or what tells that it ends by itself. */
export function pillTexts(pill: WaitPill, now: number): readonly [string, string] {
  const facts = [
    ...(pill.threads > 1 ? [t('{0} threads', pill.threads)] : []),
    t('for {0}', elapsed(now - pill.sinceMs)),
    ...(pill.real ? [] : [t('ends by itself')]),
    ...(pill.others > 0 ? [t('{0} more could end it', pill.others)] : []),
    ...(pill.end === 'nobody' ? [t('nobody can end it')] : []),
    ...(pill.end === 'unknown' ? [t('who can end it is not recorded')] : []),
  ];
  return [cut(doing(pill.operation, pill.on), 38), facts.join(' · ')];
}

/** "12 × worker wait in get from tasks for main.py, which can put into it": the drawing as a sentence. */
export function pillSentence(session: SessionView, drawing: WaitDrawing, pill: WaitPill, now: number): string {
  const node = drawing.nodes.find((each) => each.id === pill.node);
  const waiter = node === undefined ? pill.node : nodeName(session, node);
  const many = (node?.processes.length ?? 1) > 1;
  const what = doing(pill.operation, pill.on);
  const [, facts] = pillTexts(pill, now);
  const text = many
    ? t('{0} wait in {1} ({2})', waiter, what, facts)
    : t('{0} waits in {1} ({2})', waiter, what, facts);
  return pill.cycle ? t('{0}, in a circle', text) : text;
}

/** "main.py (can put into it)" */
export function arrowText(session: SessionView, drawing: WaitDrawing, arrow: WaitArrow): string {
  const node = drawing.nodes.find((each) => each.id === arrow.to);
  if (node === undefined) return arrow.to;
  const dead = node.dead ? ` ${t('but it has ended')}` : '';
  const status = session.processStatus.get(node.id);
  const paused = status?.state === 'paused' ? `, ${pausedText(status)}` : '';
  return `${nodeName(session, node)} (${whyText(arrow.why)})${dead}${paused}`;
}

function whyText(why: string): string {
  const known: Readonly<Record<string, () => string>> = {
    'is to end': () => t('is to end'),
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
