import * as l10n from '@vscode/l10n';
import type { SourceFinding } from '../../../protocol/source';
import type { Module } from '../module';
import { functionOf, isBroken } from '../order';
import type { SyntaxNode } from '../syntax';
import type { Check } from './types';

/** The program's control flow depends on the reported size of a queue. */
export const qsizeUnreliable: Check = { code: 'qsize-unreliable', check };

const METHODS = new Set(['qsize', 'empty', 'full']);

function check(module: Module): SourceFinding[] {
  const found: SourceFinding[] = [];
  for (const call of module.allCalls) {
    const callee = call.child('function');
    const method = callee?.type === 'attribute' ? (callee.child('attribute')?.text ?? '') : '';
    const decision = METHODS.has(method) && !isBroken(call) ? decisionOf(call) : null;
    if (decision === null || callee == null) continue;
    const object = callee.child('object');
    const creation = module.creationOf(object);
    if (creation?.api !== 'Queue') continue;
    const name = object?.text ?? '';
    found.push({
      code: 'qsize-unreliable',
      severity: 'warning',
      start: call.start,
      end: call.end,
      message:
        method === 'qsize'
          ? l10n.t(
              "A decision on {0}.qsize(): other processes change the queue before it is acted on, items in a feeder's buffer count, and macOS raises NotImplementedError.",
              name,
            )
          : method === 'empty'
            ? l10n.t(
                'A decision on {0}.empty(): it is true while items are still on their way through a feeder, and old as soon as it is read.',
                name,
              )
            : l10n.t('A decision on {0}.full(): other processes take and put before it is acted on.', name),
      advice:
        method === 'full'
          ? l10n.t('Call put with a timeout, or put_nowait, and handle Full.')
          : l10n.t('Send a sentinel when the work is done, or call get with a timeout and handle Empty.'),
      related: [{ start: creation.call.start, end: creation.call.end, caption: l10n.t("'{0}' is made here", name) }],
    });
  }
  return found;
}

/** The if or while whose condition contains the call; null if the result decides nothing. */
function decisionOf(call: SyntaxNode): SyntaxNode | null {
  for (let at = call; at.parent !== null; at = at.parent) {
    const { parent } = at;
    if (at.role === 'condition' && /^(if_statement|elif_clause|while_statement)$/.test(parent.type)) {
      return isHarmless(parent) ? null : parent;
    }
    if (!/^(not_operator|boolean_operator|comparison_operator|parenthesized_expression)$/.test(parent.type))
      return null;
  }
  return null;
}

/** Only prints, logs, fails a test or waits: a wrong answer does no harm. */
function isHarmless(statement: SyntaxNode): boolean {
  const body = statement.child('consequence') ?? statement.child('body');
  if (body === null || statement.child('alternative') !== null || /\.(get|put)/.test(body.text)) return false;
  const inTest = /^test/.test(functionOf(statement)?.child('name')?.text ?? '');
  return body.children.every(
    (each) =>
      each.type === 'pass_statement' ||
      (inTest && each.type === 'raise_statement') ||
      /^(print|log(ger|ging)?\.\w+|warnings\.warn|self\.fail|(time\.)?sleep)\s*\(/.test(each.text),
  );
}
