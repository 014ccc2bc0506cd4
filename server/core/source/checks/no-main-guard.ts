import * as l10n from '@vscode/l10n';
import type { SourceFinding, SourceFix } from '../../../protocol/source';
import type { Method } from '../api';
import { aloneOnLines, indentLines, lineStart } from '../edits';
import type { Module } from '../module';
import { functionOf, isBroken, isGuarded, statementOf } from '../order';
import type { SyntaxNode } from '../syntax';
import type { Check } from './types';

/** Importing the module starts processes; under spawn and forkserver each of them imports it again. */
export const noMainGuard: Check = { code: 'no-main-guard', check };

interface Start {
  readonly node: SyntaxNode;
  readonly method: Method | null;
}

function check(module: Module): SourceFinding[] {
  // Children of `python -m package` do not import its __main__.py again.
  if (module.name === '__main__.py' || leavesUnlessMain(module)) return [];
  const starts = startsOf(module);
  if (starts.length === 0) return [];
  const starters = closure(module, starts);
  const found: SourceFinding[] = [];
  for (const { node, method } of [...starts, ...callsOf(module, starters)]) {
    if (functionOf(node) !== null || isGuarded(node) || isBroken(node)) continue;
    if (node.above('class_definition') !== null || method === 'fork') continue;
    const inner = node.child('function');
    const within = inner === null ? undefined : starters.get(module.functionOf(inner) as SyntaxNode);
    found.push({
      code: 'no-main-guard',
      severity: method === null ? 'warning' : 'error',
      start: node.start,
      end: node.end,
      message:
        method === null
          ? l10n.t(
              'Importing this file starts processes. Where the start method is spawn or forkserver (macOS, Windows, Linux from Python 3.14) every child imports it again and fails with RuntimeError.',
            )
          : l10n.t(
              'Importing this file starts processes. With {0} every child imports it again and fails with RuntimeError.',
              method,
            ),
      advice: l10n.t("Put what the program does below if __name__ == '__main__':."),
      related:
        within === undefined
          ? []
          : [{ start: within.node.start, end: within.node.end, caption: l10n.t('A process starts here') }],
      ...guard(module, node),
    });
    // One per file: the same guard fixes all of them.
    break;
  }
  return found;
}

/** `if __name__ != '__main__': raise …` at module level. */
function leavesUnlessMain(module: Module): boolean {
  return module.root.children.some(
    (each) => each.type === 'if_statement' && /__name__\s*!=/.test(each.child('condition')?.text ?? ''),
  );
}

/** Calls that start another process, in text order. */
function startsOf(module: Module): Start[] {
  const found: Start[] = [];
  for (const call of module.allCalls) {
    const creation = module.creationOf(call);
    if (creation !== null && (creation.api === 'Pool' || creation.api === 'Manager')) {
      found.push({ node: call, method: module.methodOf(creation) });
    }
    const callee = call.child('function');
    if (callee?.type !== 'attribute') continue;
    const name = callee.child('attribute')?.text ?? '';
    const object =
      name === 'start' || name === 'submit' || name === 'map' ? module.creationOf(callee.child('object')) : null;
    if (object === null) continue;
    if (name === 'start' ? object.api === 'Process' : object.api === 'ProcessPoolExecutor') {
      found.push({ node: call, method: module.methodOf(object) });
    }
  }
  return found.sort((a, b) => a.node.start - b.node.start);
}

/** Functions of the file that start processes when called, with the starting call. */
function closure(module: Module, starts: readonly Start[]): Map<SyntaxNode, Start> {
  const found = new Map<SyntaxNode, Start>();
  const note = (start: Start): boolean => {
    const within = functionOf(start.node);
    // Whether a method is called depends on users of the class, which are unknown. A generator runs later.
    if (within?.type !== 'function_definition' || found.has(within)) return false;
    if (within.parent?.parent?.type === 'class_definition' || isGuarded(start.node)) return false;
    if ([...within.walk()].some((each) => each.type === 'yield')) return false;
    found.set(within, start);
    return true;
  };
  for (const each of starts) note(each);
  for (let more = true; more; ) {
    more = false;
    for (const each of callsOf(module, found)) more = note(each) || more;
  }
  return found;
}

function callsOf(module: Module, functions: ReadonlyMap<SyntaxNode, Start>): Start[] {
  return module.allCalls.flatMap((call) => {
    const target = module.functionOf(call.child('function'));
    const start = target === null ? undefined : functions.get(target);
    return start === undefined ? [] : [{ node: call, method: start.method }];
  });
}

/** From the first process to the end of the file, unless that part contains definitions that others import. */
function guard(module: Module, node: SyntaxNode): { fix?: SourceFix } {
  const { root, text } = module;
  const first = statementOf(node);
  if (first.parent !== root) return {};
  const rest = root.children.slice(first.index);
  if (rest.some((each) => /definition|import|ERROR/.test(each.type) || !aloneOnLines(text, each))) return {};
  const last = rest.at(-1) as SyntaxNode;
  const at = lineStart(text, first.start);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const [top, ...others] = indentLines(module, first, last);
  if (top === undefined) return {};
  const head = { ...top, start: at, end: at, text: `if __name__ == '__main__':${newline}${top.text}` };
  return { fix: { title: l10n.t("Add the guard if __name__ == '__main__'"), edits: [head, ...others] } };
}
