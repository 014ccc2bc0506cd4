/** Arguments of requests: a client's mistake gets an error that names it. */
import { badArguments } from './errors';

type Kind = 'number' | 'text' | 'list' | 'object';

const thread = { threadId: 'number' } as const;

/** What a request cannot do without. The arguments of launch and attach are checked by those who read them. */
const REQUIRED: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  setBreakpoints: { source: 'object' },
  setFunctionBreakpoints: { breakpoints: 'list' },
  setExceptionBreakpoints: { filters: 'list' },
  continue: thread,
  next: thread,
  stepIn: thread,
  stepOut: thread,
  pause: thread,
  stackTrace: thread,
  exceptionInfo: thread,
  scopes: { frameId: 'number' },
  variables: { variablesReference: 'number' },
  setVariable: { variablesReference: 'number', name: 'text', value: 'text' },
  setExpression: { expression: 'text', value: 'text' },
  stepInTargets: { frameId: 'number' },
  gotoTargets: { source: 'object', line: 'number' },
  goto: { threadId: 'number', targetId: 'number' },
  source: { sourceReference: 'number' },
  evaluate: { expression: 'text' },
  completions: { text: 'text', column: 'number' },
};

function kindOf(value: unknown): Kind | null {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'string') return 'text';
  return typeof value === 'object' && value !== null ? 'object' : null;
}

/** Throws a DapError where something that the request needs is missing or of another type. */
export function checkArguments(command: string, args: unknown): void {
  const required = Object.hasOwn(REQUIRED, command) ? REQUIRED[command] : undefined;
  const given = (kindOf(args) === 'object' ? args : {}) as Readonly<Record<string, unknown>>;
  for (const [name, kind] of Object.entries(required ?? {})) {
    if (kindOf(given[name]) !== kind) throw badArguments(command, name);
  }
}
