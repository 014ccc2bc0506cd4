import * as l10n from '@vscode/l10n';
import type { SourceFinding } from '../../../protocol/source';
import type { Severity } from '../../../protocol/views';
import { type Creation, PICKLES_ANYTHING, POOL_TASKS } from '../api';
import { keyword, type Module, positional } from '../module';
import { expectsException, isBroken } from '../order';
import type { SyntaxNode } from '../syntax';
import type { Check } from './types';

/** Functions without an importable name, and objects that can only be inherited, where they have to be pickled. */
export const unpicklable: Check = { code: 'unpicklable', check };

function check(module: Module): SourceFinding[] {
  const found: SourceFinding[] = [];
  for (const call of module.allCalls) {
    if (isBroken(call) || expectsException(call)) continue;
    found.push(...ofTask(module, call), ...ofMessage(module, call), ...ofProcess(module, call));
  }
  return found;
}

/** Tasks of pools and executors are pickled under every start method. */
function ofTask(module: Module, call: SyntaxNode): SourceFinding[] {
  const callee = call.child('function');
  if (callee?.type !== 'attribute') return [];
  const method = callee.child('attribute')?.text ?? '';
  const executor = method === 'submit' || method === 'map';
  if (!POOL_TASKS.has(method) && !executor) return [];
  const creation = module.creationOf(callee.child('object'));
  if (creation === null || PICKLES_ANYTHING.has(creation.family)) return [];
  if (!(creation.api === 'Pool' && POOL_TASKS.has(method)) && !(creation.api === 'ProcessPoolExecutor' && executor))
    return [];
  const [target, ...others] = positional(call);
  const shown = target ?? keyword(call, 'func') ?? undefined;
  const found = shown === undefined ? [] : ofFunction(module, shown, 'error', null);
  const given =
    creation.api === 'Pool'
      ? /^apply/.test(method)
        ? elementsOf(others[0] ?? keyword(call, 'args'))
        : []
      : method === 'submit'
        ? others
        : [];
  for (const each of given) {
    const shared = module.creationOf(each);
    if (shared === null || !/^(Queue|SimpleQueue|Lock)$/.test(shared.api)) continue;
    found.push(
      finding(
        each,
        'error',
        l10n.t("'{0}' cannot be handed to a task: only processes that are started with it may share it.", each.text),
        l10n.t('Hand it over with initializer and initargs of the pool, or use the one of a Manager.'),
        shared,
      ),
    );
  }
  return found;
}

function elementsOf(list: SyntaxNode | null | undefined): readonly SyntaxNode[] {
  return list?.type === 'tuple' || list?.type === 'list' ? list.children : [];
}

/** An item is pickled in the feeder thread, so the error is not raised at this line. */
function ofMessage(module: Module, call: SyntaxNode): SourceFinding[] {
  const callee = call.child('function');
  const method = callee?.type === 'attribute' ? (callee.child('attribute')?.text ?? '') : '';
  if (!/^(put|put_nowait|send)$/.test(method)) return [];
  const [item] = positional(call);
  if (item === undefined || module.functionOf(item) === null) return [];
  const creation = module.creationOf(callee?.child('object') ?? null);
  if (creation === null || PICKLES_ANYTHING.has(creation.family)) return [];
  const fits =
    method === 'send' ? creation.api === 'Connection' : creation.api === 'Queue' || creation.api === 'SimpleQueue';
  return fits ? ofFunction(module, item, 'error', null) : [];
}

/** A process's target is pickled only under spawn and forkserver. */
function ofProcess(module: Module, call: SyntaxNode): SourceFinding[] {
  const creation = module.creationOf(call);
  if (creation === null || PICKLES_ANYTHING.has(creation.family)) return [];
  const method = module.methodOf(creation);
  if (method === 'fork') return [];
  const target =
    creation.api === 'Process'
      ? (keyword(call, 'target') ?? positional(call)[1])
      : creation.api === 'Pool'
        ? (keyword(call, 'initializer') ?? positional(call)[1])
        : null;
  return target == null ? [] : ofFunction(module, target, module.severityUnder(method), method ?? 'default');
}

function ofFunction(module: Module, shown: SyntaxNode, severity: Severity, start: string | null): SourceFinding[] {
  const definition = module.functionOf(shown);
  if (definition === null) return [];
  const lambda = definition.type === 'lambda';
  // A nested function declared global has an importable name.
  if (!lambda && definition.above('function_definition') === null) return [];
  if (!lambda && module.scopeOf(definition).lookup(shown.text)?.scope.kind !== 'function') return [];
  const what = lambda ? l10n.t('A lambda') : l10n.t("The nested function '{0}'", shown.text);
  const message =
    start === null
      ? l10n.t('{0} cannot be pickled, so it cannot reach another process.', what)
      : start === 'default'
        ? l10n.t(
            '{0} cannot be pickled: this fails where the start method is spawn or forkserver (macOS, Windows, Linux from Python 3.14).',
            what,
          )
        : l10n.t('{0} cannot be pickled: this fails with the start method {1}.', what, start);
  return [
    finding(
      shown,
      severity,
      message,
      l10n.t('Use a function at the level of the module.'),
      definition === shown ? null : { call: definition.child('name') ?? definition },
    ),
  ];
}

function finding(
  node: SyntaxNode,
  severity: Severity,
  message: string,
  advice: string,
  creation: Pick<Creation, 'call'> | null,
): SourceFinding {
  return {
    code: 'unpicklable',
    severity,
    start: node.start,
    end: node.end,
    message,
    advice,
    related:
      creation === null
        ? []
        : [{ start: creation.call.start, end: creation.call.end, caption: l10n.t('It is made here') }],
  };
}
