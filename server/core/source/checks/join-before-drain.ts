import * as l10n from '@vscode/l10n';
import type { SourceFinding } from '../../../protocol/source';
import type { Creation } from '../api';
import { keyword, type Module, parameterNames, positional } from '../module';
import { expectsException, functionOf, isBroken, loopOf } from '../order';
import type { Variable } from '../scopes';
import type { SyntaxNode } from '../syntax';
import type { Check } from './types';

/** A process is joined before the items it put into a queue are taken out. */
export const joinBeforeDrain: Check = { code: 'join-before-drain', check };

function check(module: Module): SourceFinding[] {
  const found: SourceFinding[] = [];
  for (const join of module.allCalls) {
    const callee = join.child('function');
    if (callee?.type !== 'attribute' || callee.child('attribute')?.text !== 'join') continue;
    // With a timeout the join returns by itself.
    if (positional(join).length > 0 || keyword(join, 'timeout') !== null) continue;
    if (isBroken(join) || expectsException(join)) continue;
    const object = callee.child('object');
    const creation = module.creationOf(object);
    if (creation?.api !== 'Process' || functionOf(creation.call) !== functionOf(join)) continue;
    const target = module.targetOf(creation);
    if (target === null || target.type === 'lambda') continue;
    if (endsAtOnce(module, creation, target)) continue;
    const names = parameterNames(target);
    for (const [place, argument] of module.argumentsOf(creation).entries()) {
      const queue = module.creationOf(argument)?.api === 'Queue' ? module.variable(argument) : null;
      const put = queue === null ? null : bigPut(target, names[place] ?? '');
      const get = queue === null || put === null ? null : firstGetAfter(module, queue, join);
      if (queue === null || put === null || get === null) continue;
      found.push({
        code: 'join-before-drain',
        severity: 'warning',
        start: join.start,
        end: join.end,
        message: l10n.t(
          "The process is joined before '{0}' is read. It cannot end while what it put does not fit into the pipe (about 64 KiB): then both wait for ever.",
          queue.name,
        ),
        advice: l10n.t("Take everything out of '{0}' first, then join.", queue.name),
        related: [
          { start: get.start, end: get.end, caption: l10n.t("'{0}' is read only here", queue.name) },
          { start: put.start, end: put.end, caption: l10n.t('The process puts here') },
        ],
      });
      break;
    }
  }
  return found;
}

/**
 * The process does not wait for its queues' feeders when it exits: it leaves by os._exit() or a signal, is killed, or
 * was asked not to wait.
 */
function endsAtOnce(module: Module, creation: Creation, target: SyntaxNode): boolean {
  for (const call of target.walk()) {
    const callee = call.type === 'call' ? (call.child('function')?.text ?? '') : '';
    if (/(^|\.)(_exit|abort|cancel_join_thread|kill|killpg|raise_signal|execv\w*|execl\w*)$/.test(callee)) return true;
  }
  return module.allCalls.some((call) => {
    const callee = call.child('function');
    const method = callee?.type === 'attribute' ? callee.child('attribute')?.text : undefined;
    if (method === 'terminate' || method === 'kill') {
      const object = callee?.child('object') ?? null;
      // os.kill takes the process's pid.
      const killed = object?.text === 'os' ? (positional(call)[0]?.child('object') ?? null) : object;
      return module.creationOf(killed)?.call === creation.call;
    }
    return false;
  });
}

/** A put of the target that may be large: in a loop, or of more than a small constant. */
function bigPut(target: SyntaxNode, name: string): SyntaxNode | null {
  if (name === '') return null;
  for (const call of target.walk()) {
    const callee = call.type === 'call' ? call.child('function') : null;
    if (callee?.text !== `${name}.put`) continue;
    const item = positional(call)[0];
    if (item === undefined) continue;
    if (loopOf(call) !== null || !isSmall(item)) return call;
  }
  return null;
}

/** Numbers, short text, names of processes: items that certainly fit into a pipe. */
function isSmall(item: SyntaxNode): boolean {
  if (/^(integer|float|true|false|none|identifier|attribute|comparison_operator)$/.test(item.type)) return true;
  if (item.type === 'string' || item.type === 'concatenated_string') return item.end - item.start < 4096;
  if (/^(tuple|list|dictionary|pair)$/.test(item.type)) return item.children.every(isSmall);
  // Multiplying text by a number is how examples build large items.
  if (item.type === 'binary_operator') return !item.children.some((each) => /string|list/.test(each.type));
  return item.type === 'call';
}

/** The first read of the queue, if it comes after the join and nothing else could have read the queue before. */
function firstGetAfter(module: Module, queue: Variable, join: SyntaxNode): SyntaxNode | null {
  let first: SyntaxNode | null = null;
  for (const use of module.uses(queue)) {
    if (use.method === 'get' || use.method === 'get_nowait') {
      if (functionOf(use.node) !== functionOf(join) || use.node.start < join.start) return null;
      first ??= use.call;
    } else if (use.escapes && !isArgumentOf(module, use.node)) {
      return null;
    } else if (use.method === 'cancel_join_thread') {
      return null;
    }
  }
  // A loop around both reads in its next iteration.
  const loop = loopOf(join);
  if (first !== null && loop?.contains(first) === true) return null;
  // Several kinds of processes use it, so another one may read.
  const targets = new Set(
    module.creations.flatMap((creation) =>
      module.argumentsOf(creation).some((each) => module.variable(each) === queue) ? [module.targetOf(creation)] : [],
    ),
  );
  return targets.size === 1 ? first : null;
}

/** Appears in the `args=` of a process. */
function isArgumentOf(module: Module, node: SyntaxNode): boolean {
  const call = node.above('call');
  return call !== null && module.creationOf(call)?.api === 'Process';
}
