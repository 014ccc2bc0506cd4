/** The checkboxes of the Breakpoints view. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as l10n from '@vscode/l10n';
import type { LineFilterName } from '../debug/breakpoints';
import type { FilterName } from '../debug/pauses/plan';

interface Filter {
  readonly filter: FilterName;
  readonly label: string;
  readonly description: string;
}

/** All of them. */
export function filters(): DebugProtocol.ExceptionBreakpointsFilter[] {
  return [...lineFilters(), ...messageFilters()];
}

/** Those for messages. */
export function messageFilters(): DebugProtocol.ExceptionBreakpointsFilter[] {
  const all: Filter[] = [
    {
      filter: 'send',
      label: l10n.t('Every put and send'),
      description: l10n.t('Stops before a message goes on its way.'),
    },
    { filter: 'receive', label: l10n.t('Every get and receive'), description: l10n.t('Stops when a message came.') },
    {
      filter: 'start',
      label: l10n.t('A process starts'),
      description: l10n.t('Stops the parent before the start or fork.'),
    },
    {
      filter: 'badEnd',
      label: l10n.t('A process ends badly'),
      description: l10n.t('Stops whoever joins a process that ended with an error or a signal.'),
    },
    {
      filter: 'task',
      label: l10n.t('A pool’s task starts or ends'),
      description: l10n.t('Stops the worker before the function runs and before its result is sent.'),
    },
    {
      filter: 'limit',
      label: l10n.t('Full, Empty and time-outs'),
      description: l10n.t('Stops before the exception reaches the program.'),
    },
    {
      filter: 'broken',
      label: l10n.t('End of file and broken pipes'),
      description: l10n.t('Stops before the exception reaches the program.'),
    },
    {
      filter: 'unpicklable',
      label: l10n.t('An item that cannot be pickled'),
      description: l10n.t('Stops at the put: the queue would drop it in silence.'),
    },
    {
      filter: 'finding',
      label: l10n.t('A finding is raised'),
      description: l10n.t('Stops the processes that it is about: a deadlock, a lost item, a lock of a dead process, …'),
    },
  ];
  return all.map((each) => ({
    ...each,
    default: false,
    supportsCondition: true,
    conditionDescription:
      each.filter === 'finding'
        ? l10n.t('A code ("deadlock"), or several with spaces between.')
        : l10n.t(
            'Python with the names of the line and "message". Also "hits: >= 3" and "log: text with {message}", after a semicolon.',
          ),
  }));
}

function lineFilters(): (DebugProtocol.ExceptionBreakpointsFilter & { readonly filter: LineFilterName })[] {
  return [
    { filter: 'raised', label: l10n.t('Raised exceptions'), description: l10n.t('Stops whenever one is raised.') },
    {
      filter: 'userUnhandled',
      label: l10n.t('User-unhandled exceptions'),
      description: l10n.t('Stops when one leaves your code for a library’s.'),
    },
    {
      filter: 'uncaught',
      label: l10n.t('Uncaught exceptions'),
      description: l10n.t('Stops before one ends the process.'),
      default: true,
    },
  ];
}
