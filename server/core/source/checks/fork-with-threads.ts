import * as l10n from '@vscode/l10n';
import type { SourceFinding } from '../../../protocol/source';
import type { Module } from '../module';
import { expectsException, follows, functionOf, isBroken, statementOf } from '../order';
import type { SyntaxNode } from '../syntax';
import type { Check } from './types';

/** A process is forked while a thread started earlier is still running. */
export const forkWithThreads: Check = { code: 'fork-with-threads', check };

interface Thread {
  readonly start: SyntaxNode;
  /** `t` in `t.start()`, or the list that contains it. */
  readonly names: ReadonlySet<string>;
  /** A with statement that ends the threads when it is left. */
  readonly block: SyntaxNode | null;
}

function check(module: Module): SourceFinding[] {
  const forks = forksOf(module);
  if (forks.length === 0) return [];
  const threads = threadsOf(module);
  const found: SourceFinding[] = [];
  for (const fork of forks) {
    const thread = threads.find((each) => functionOf(each.start) === functionOf(fork) && runsAt(module, each, fork));
    if (thread === undefined || isBroken(fork) || expectsException(fork)) continue;
    found.push({
      code: 'fork-with-threads',
      severity: 'warning',
      start: fork.start,
      end: fork.end,
      message: l10n.t(
        'The process is forked while a thread runs. The child has only the forking thread; locks that others held stay locked in it for ever.',
      ),
      advice: l10n.t('Fork before threads are started, or use the start method spawn or forkserver.'),
      related: [{ start: thread.start.start, end: thread.start.end, caption: l10n.t('The thread is started here') }],
    });
  }
  return found;
}

/** os.fork, and calls that fork because of a start method set in the file. */
function forksOf(module: Module): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (const creation of module.creations) {
    if (creation.api === 'Fork') found.push(creation.call);
    if (creation.api === 'Pool' && module.methodOf(creation) === 'fork') found.push(creation.call);
  }
  for (const call of module.allCalls) {
    const callee = call.child('function');
    if (callee?.type !== 'attribute' || callee.child('attribute')?.text !== 'start') continue;
    const creation = module.creationOf(callee.child('object'));
    if (creation?.api === 'Process' && module.methodOf(creation) === 'fork') found.push(call);
  }
  return found;
}

function threadsOf(module: Module): Thread[] {
  const found: Thread[] = [];
  for (const call of module.allCalls) {
    const callee = call.child('function');
    const creation = module.creationOf(call);
    if (creation?.api === 'ThreadPoolExecutor' || creation?.api === 'ThreadPool') {
      const block = call.above('with_statement');
      if (block !== null && block.children[0]?.contains(call) === true)
        found.push({ start: call, names: new Set(), block });
      continue;
    }
    if (callee?.type !== 'attribute' || callee.child('attribute')?.text !== 'start') continue;
    const object = callee.child('object');
    if (object === null || module.creationOf(object)?.api !== 'Thread') continue;
    const names = new Set([object.text]);
    const loop = call.above('for_statement');
    const list = loop?.child('right');
    if (list?.type === 'identifier') names.add(list.text);
    found.push({ start: call, names, block: null });
  }
  return found;
}

/** Certainly started before, and neither joined nor left in between. */
function runsAt(module: Module, thread: Thread, fork: SyntaxNode): boolean {
  if (thread.block !== null) return thread.block.child('body')?.contains(fork) === true;
  // A loop that starts the threads counts as their start.
  const loop = thread.start.above('for_statement');
  const start =
    loop !== null && functionOf(loop) === functionOf(thread.start) && !loop.contains(fork) ? loop : thread.start;
  if (!follows(start, fork)) return false;
  const from = statementOf(start).end;
  return !module.allCalls.some((call) => {
    if (call.start < from || call.start > fork.start) return false;
    const callee = call.child('function');
    return callee?.type === 'attribute' && /^(join|cancel|stop|shutdown)$/.test(callee.child('attribute')?.text ?? '');
  });
}
