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
      description: l10n.t('Breaks before the message is sent.'),
    },
    {
      filter: 'receive',
      label: l10n.t('Every get and receive'),
      description: l10n.t('Breaks when a message has been received.'),
    },
    {
      filter: 'start',
      label: l10n.t('Process start'),
      description: l10n.t('Breaks in the parent before the start or fork.'),
    },
    {
      filter: 'badEnd',
      label: l10n.t('Process exits with an error'),
      description: l10n.t('Breaks in the process that joins one that exited with an error or a signal.'),
    },
    {
      filter: 'task',
      label: l10n.t('Pool task start and end'),
      description: l10n.t('Breaks in the worker before the function runs and before its result is sent.'),
    },
    {
      filter: 'limit',
      label: l10n.t('Queue Full, Empty and timeouts'),
      description: l10n.t('Breaks before the exception reaches the program.'),
    },
    {
      filter: 'broken',
      label: l10n.t('End of file and broken pipes'),
      description: l10n.t('Breaks before the exception reaches the program.'),
    },
    {
      filter: 'unpicklable',
      label: l10n.t('Unpicklable item'),
      description: l10n.t('Breaks on the put(); otherwise the queue drops the item silently.'),
    },
    {
      filter: 'finding',
      label: l10n.t('Finding raised'),
      description: l10n.t('Pauses the processes involved: a deadlock, a lost item, a lock held by a dead process, …'),
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
    {
      filter: 'raised',
      label: l10n.t('Raised exceptions'),
      description: l10n.t('Breaks whenever an exception is raised.'),
    },
    {
      filter: 'userUnhandled',
      label: l10n.t('User-unhandled exceptions'),
      description: l10n.t('Breaks when an exception leaves your code for a library.'),
    },
    {
      filter: 'uncaught',
      label: l10n.t('Uncaught exceptions'),
      description: l10n.t('Breaks before an uncaught exception ends the process.'),
      default: true,
    },
  ];
}
