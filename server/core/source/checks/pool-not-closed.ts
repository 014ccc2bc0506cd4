import * as l10n from '@vscode/l10n';
import type { SourceFinding, SourceFix } from '../../../protocol/source';
import { type Creation, POOL_TASKS } from '../api';
import { aloneOnLines, indentLines, insertLineBefore, insertLinesAfter } from '../edits';
import type { Module, Use } from '../module';
import { expectsException, follows, isBroken, isGuarded, loopOf, statementOf } from '../order';
import type { Variable } from '../scopes';
import type { SyntaxNode } from '../syntax';
import type { Check } from './types';

/** A pool is joined before it is closed, used after that, or dropped without either. */
export const poolNotClosed: Check = { code: 'pool-not-closed', check };

const ENDS = new Set(['close', 'terminate']);

function check(module: Module): SourceFinding[] {
  const found: SourceFinding[] = [];
  for (const creation of module.creations) {
    if ((creation.api !== 'Pool' && creation.api !== 'ThreadPool') || isBroken(creation.call)) continue;
    const variable = boundTo(module, creation);
    if (variable === null) found.push(...usedAtOnce(creation));
    else found.push(...ofVariable(module, creation, variable));
  }
  return found;
}

/** The only variable that holds it, bound nowhere else. */
function boundTo(module: Module, { call }: Creation): Variable | null {
  const scope = module.scopeOf(call);
  for (const variable of scope.variables.values()) {
    const [binding] = variable.bindings;
    if (variable.bindings.length === 1 && binding?.value === call && binding.item === null) return variable;
  }
  return null;
}

/** `Pool().map(…)`: no reference is left to close it. */
function usedAtOnce({ call, api }: Creation): SourceFinding[] {
  const method =
    call.parent?.type === 'attribute' && call.role === 'object' ? call.parent.child('attribute')?.text : '';
  if (!POOL_TASKS.has(method ?? '') || call.parent?.parent?.type !== 'call') return [];
  return [
    dropped(call, l10n.t('This {0} is used once and never closed: its workers stay until it is collected.', api)),
  ];
}

function dropped(node: SyntaxNode, message: string, fix?: SourceFix): SourceFinding {
  return {
    code: 'pool-not-closed',
    severity: 'warning',
    start: node.start,
    end: node.end,
    message,
    advice: l10n.t('Use it in a with statement, or call close() and join() when all tasks are given to it.'),
    related: [],
    ...(fix === undefined ? {} : { fix }),
  };
}

function ofVariable(module: Module, creation: Creation, variable: Variable): SourceFinding[] {
  const uses = module.uses(variable);
  const { name } = variable;
  const managed = variable.bindings[0]?.kind === 'with';
  const handedOn = uses.some((each) => each.escapes);
  const found: SourceFinding[] = [];
  if (!handedOn) {
    const join = uses.find((each) => each.method === 'join' && tooEarly(each, uses));
    if (join?.call != null) found.push(joined(module, name, join.call, creation, uses));
  }
  found.push(...usedLate(name, uses, managed ? creation.call.above('with_statement') : null));
  const ended = uses.some(
    (each) => ENDS.has(each.method ?? '') || each.method === 'join' || each.method === '__exit__',
  );
  const own = variable.scope.kind === 'function' || (variable.scope.kind === 'module' && isGuarded(creation.call));
  if (
    found.length === 0 &&
    !managed &&
    !handedOn &&
    !ended &&
    own &&
    uses.some((each) => POOL_TASKS.has(each.method ?? ''))
  ) {
    const message = l10n.t(
      "'{0}' is never closed: its workers stay until it is collected, and may hang the end of the program.",
      name,
    );
    found.push(
      dropped(
        creation.call,
        message,
        withStatement(module, creation, variable, uses) ?? closeAfter(module, creation, name, uses),
      ),
    );
  }
  return found;
}

/** No closing call precedes it, and none could have run in an earlier iteration of a loop. */
function tooEarly(join: Use, uses: readonly Use[]): boolean {
  if (expectsException(join.node)) return false;
  const loop = loopOf(join.node);
  return !uses.some((each) => ENDS.has(each.method ?? '') && (each.node.start < join.node.start || loop !== null));
}

function joined(
  module: Module,
  name: string,
  call: SyntaxNode,
  creation: Creation,
  uses: readonly Use[],
): SourceFinding {
  const close = uses.find((each) => each.method === 'close');
  const statement = statementOf(call);
  const certain = close === undefined && statement.children[0] === call && aloneOnLines(module.text, statement);
  return {
    code: 'pool-not-closed',
    severity: 'error',
    start: call.start,
    end: call.end,
    message: l10n.t("'{0}' is joined before it is closed: join() raises ValueError.", name),
    advice: l10n.t('Call close() (or terminate()) before join().'),
    related: [
      { start: creation.call.start, end: creation.call.end, caption: l10n.t("'{0}' is made here", name) },
      ...(close === undefined
        ? []
        : [{ start: close.node.start, end: close.node.end, caption: l10n.t('It is closed only here') }]),
    ],
    ...(certain
      ? {
          fix: {
            title: l10n.t('Add {0} before it', `${name}.close()`),
            edits: [insertLineBefore(module.text, statement, `${name}.close()`)],
          },
        }
      : {}),
  };
}

/** Tasks submitted after a certain close; `block` is the with statement that closes the pool. */
function usedLate(name: string, uses: readonly Use[], block: SyntaxNode | null): SourceFinding[] {
  const ends = uses.filter((each) => {
    const statement = statementOf(each.node);
    return ENDS.has(each.method ?? '') && statement.children[0] === each.call && !expectsException(each.node);
  });
  for (const use of uses) {
    if (!POOL_TASKS.has(use.method ?? '') || use.call === null || expectsException(use.node)) continue;
    const inside = block?.contains(use.node) === true;
    const end = ends.find((each) => follows(each.node, use.node))?.call;
    const at = end ?? (block !== null && !inside && follows(block, use.node) ? block.children[0] : undefined);
    if (at == null) continue;
    return [
      {
        code: 'pool-not-closed',
        severity: 'error',
        start: use.call.start,
        end: use.call.end,
        message: l10n.t("'{0}' takes no tasks any more: {1}() raises ValueError.", name, use.method ?? ''),
        advice: l10n.t('Give it all tasks before it is closed, or make a new pool.'),
        related: [{ start: at.start, end: at.end, caption: l10n.t("'{0}' is closed here", name) }],
      },
    ];
  }
  return [];
}

/** `with Pool() as pool:` around all of its uses, only where leaving it cannot end running tasks. */
function withStatement(
  module: Module,
  creation: Creation,
  variable: Variable,
  uses: readonly Use[],
): SourceFix | undefined {
  const { text } = module;
  const statement = statementOf(creation.call);
  const block = statement.parent;
  if (block === null || creation.call.parent?.type !== 'assignment' || creation.call.parent.parent !== statement)
    return undefined;
  if (uses.some((each) => !/^(apply|map|starmap)$/.test(each.method ?? ''))) return undefined;
  const last = uses.map((each) => each.node).sort((a, b) => b.start - a.start)[0] as SyntaxNode;
  const after = block.children.slice(statement.index + 1).filter((each) => each.start <= last.start);
  const end = after.at(-1);
  if (end === undefined || !end.contains(last) || ![statement, ...after].every((each) => aloneOnLines(text, each)))
    return undefined;
  return {
    title: l10n.t('Use a with statement'),
    edits: [
      { start: statement.start, end: statement.end, text: `with ${creation.call.text} as ${variable.name}:` },
      ...indentLines(module, after[0] as SyntaxNode, end),
    ],
  };
}

/** For pools with tasks that may still be running: after the last use, if that is a statement of the same block. */
function closeAfter(module: Module, creation: Creation, name: string, uses: readonly Use[]): SourceFix | undefined {
  const { text } = module;
  const statement = statementOf(creation.call);
  const last = uses.map((each) => each.node).sort((a, b) => b.start - a.start)[0];
  const after = statement.parent?.children.find((each) => last !== undefined && each.contains(last));
  if (after === undefined || after.type !== 'expression_statement' || !aloneOnLines(text, after)) return undefined;
  return {
    title: l10n.t('Add {0} and {1} after its last use', `${name}.close()`, `${name}.join()`),
    edits: [insertLinesAfter(text, after, [`${name}.close()`, `${name}.join()`])],
  };
}
