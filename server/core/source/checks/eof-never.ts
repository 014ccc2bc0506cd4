import * as l10n from '@vscode/l10n';
import type { SourceFinding } from '../../../protocol/source';
import type { Creation } from '../api';
import { aloneOnLines, insertLinesAfter } from '../edits';
import { type Module, positional } from '../module';
import { functionOf, isBroken, loopOf, statementOf } from '../order';
import type { Binding, Variable } from '../scopes';
import type { SyntaxNode } from '../syntax';
import type { Check } from './types';

/** A reader waits for EOFError on one end of a pipe while its own process keeps the other end open. */
export const eofNever: Check = { code: 'eof-never', check };

function check(module: Module): SourceFinding[] {
  const found: SourceFinding[] = [];
  for (const creation of module.creations) {
    if (creation.api !== 'Pipe' || isBroken(creation.call)) continue;
    const ends = endsOf(module, creation);
    if (ends === null) continue;
    for (const [reader, writer] of [ends, [ends[1], ends[0]] as const]) {
      const each = ofEnds(module, creation, reader, writer);
      if (each !== null) found.push(each);
    }
  }
  return found;
}

/** `a, b = Pipe()` */
function endsOf(module: Module, creation: Creation): readonly [Variable, Variable] | null {
  const scope = module.scopeOf(creation.call);
  const ends: (Variable | undefined)[] = [undefined, undefined];
  for (const variable of scope.variables.values()) {
    const bindings: readonly Binding[] = variable.bindings;
    const [binding] = bindings;
    if (bindings.length === 1 && binding?.value === creation.call && binding.item !== null)
      ends[binding.item] = variable;
  }
  const [a, b] = ends;
  return a === undefined || b === undefined ? null : [a, b];
}

function ofEnds(module: Module, creation: Creation, reader: Variable, writer: Variable): SourceFinding | null {
  const read = module
    .uses(reader)
    .find(
      (each) =>
        each.call !== null &&
        each.method === 'recv' &&
        functionOf(each.node) === functionOf(creation.call) &&
        waitsForEnd(each.call),
    );
  if (read?.call == null) return null;
  // The writer is passed to one started process, and never used otherwise.
  const uses = writer.uses;
  const [use] = uses;
  if (use === undefined || uses.length !== 1) return null;
  const process = use.above('call');
  const child = process === null ? null : module.creationOf(process);
  if (child?.api !== 'Process' || !module.argumentsOf(child).includes(use) || child.call.end > read.call.start)
    return null;
  const start = module.allCalls.find(
    (each) =>
      each.start > child.call.start &&
      each.child('function')?.child('attribute')?.text === 'start' &&
      module.creationOf(each.child('function')?.child('object') ?? null)?.call === child.call,
  );
  const after = start === undefined ? null : statementOf(start);
  const certain =
    after !== null && after.children[0] === start && loopOf(after) === null && aloneOnLines(module.text, after);
  return {
    code: 'eof-never',
    severity: 'error',
    start: read.call.start,
    end: read.call.end,
    message: l10n.t(
      "This loop waits for EOFError, which never comes: this process has '{0}', the other end, open itself.",
      writer.name,
    ),
    advice: l10n.t('Close the other end here as soon as the process that writes to it is started.'),
    related: [
      { start: creation.call.start, end: creation.call.end, caption: l10n.t('The pipe is made here') },
      {
        start: use.start,
        end: use.end,
        caption: l10n.t("'{0}' is handed to the process here, and never closed", writer.name),
      },
    ],
    ...(certain
      ? {
          fix: {
            title: l10n.t('Add {0} after the start', `${writer.name}.close()`),
            edits: [insertLinesAfter(module.text, after, [`${writer.name}.close()`])],
          },
        }
      : {}),
  };
}

/** In a loop without an end of its own, with EOFError as the exit. */
function waitsForEnd(call: SyntaxNode): boolean {
  const loop = call.above('while_statement');
  if (loop === null || !/^(True|1)$/.test(loop.child('condition')?.text ?? '') || positional(call).length > 0)
    return false;
  let expected = false;
  for (let at: SyntaxNode | null = call; at !== null && at.type !== 'function_definition'; at = at.parent) {
    if (at.parent?.type === 'try_statement' && at.role === 'body') {
      expected ||= at.parent.children.some(
        (each) => each.type === 'except_clause' && /^except[^\n]*\bEOFError\b/.test(each.text),
      );
    }
  }
  // Another exit: a sentinel.
  const outs = [...loop.walk()].filter((each) => /^(break|return|raise)_statement$/.test(each.type));
  return expected && outs.every((each) => each.above('except_clause') !== null);
}
