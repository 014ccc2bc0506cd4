import * as l10n from '@vscode/l10n';
import type { SourceFinding } from '../../../protocol/source';
import { keyword, type Module, positional } from '../module';
import { isBroken } from '../order';
import type { SyntaxNode } from '../syntax';
import type { Check } from './types';

/** The result of apply_async is discarded, and with it the task's exception. */
export const lostException: Check = { code: 'lost-exception', check };

const ASYNC = new Set(['apply_async', 'map_async', 'starmap_async']);

function check(module: Module): SourceFinding[] {
  const found: SourceFinding[] = [];
  for (const call of module.allCalls) {
    const callee = call.child('function');
    const method = callee?.type === 'attribute' ? (callee.child('attribute')?.text ?? '') : '';
    if (!ASYNC.has(method) || !isDiscarded(call) || isBroken(call)) continue;
    const creation = module.creationOf(callee?.child('object') ?? null);
    if (creation?.api !== 'Pool' && creation?.api !== 'ThreadPool') continue;
    // error_callback is the last of five parameters of apply_async, and of map_async.
    if (keyword(call, 'error_callback') !== null || positional(call).length > 4) continue;
    if (hasSplat(call) || handlesItself(module.functionOf(positional(call)[0] ?? null))) continue;
    found.push({
      code: 'lost-exception',
      severity: 'warning',
      start: call.start,
      end: call.end,
      message: l10n.t('Nobody keeps the result of {0}(): an exception of the task is lost without a trace.', method),
      advice: l10n.t('Keep the result and call get() on it, or give an error_callback.'),
      related: [],
    });
  }
  return found;
}

/** A statement of its own, or an element of a list that is not kept. */
function isDiscarded(call: SyntaxNode): boolean {
  const { parent } = call;
  if (parent?.type === 'expression_statement') return true;
  return parent?.type === 'list_comprehension' && parent.parent?.type === 'expression_statement';
}

function hasSplat(call: SyntaxNode): boolean {
  return (call.child('arguments')?.children ?? []).some((each) => each.type.endsWith('_splat'));
}

/** The function's whole body is a try with a handler for everything. */
function handlesItself(definition: SyntaxNode | null): boolean {
  const body = definition?.child('body');
  const last = body?.children.at(-1);
  if (last?.type !== 'try_statement') return false;
  const catchesAll = last.children.some(
    (each) => each.type === 'except_clause' && /^except(\s*:|\s+(\w+\.)*(Base)?Exception\b)/.test(each.text),
  );
  // Only a docstring and the like may precede it.
  const before = (body?.children ?? []).slice(0, -1);
  return catchesAll && before.every((each) => each.type === 'global_statement' || each.children[0]?.type === 'string');
}
