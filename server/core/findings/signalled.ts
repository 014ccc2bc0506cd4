import type { RouserRef } from '../../protocol/findingParams';
import type { Severity } from '../../protocol/views';
import type { Blocked } from '../model/entities/blocked';
import type { Process } from '../model/entities/process';
import type { Handler } from '../model/query/handlers';
import type { Waits } from '../model/query/waits';
import { processRef } from './refs';
import type { Evidence } from './types';

/** What makes a hang one that a signal may end: a process in it, or one that it depends on, handles signals itself. */
export interface Rouser {
  /** How bad it is as long as no signal comes. */
  readonly severity: Severity;
  readonly ref: RouserRef;
  readonly evidence: readonly Evidence[];
}

/** Calls that a handler can end by nothing but an exception: it would have to release a lock or empty a pipe in the middle of other work. */
const FIRM = ['acquire', 'send', 'put', 'join', 'waitpid'];

/** Who would wake one of these processes at a signal; null when none would: their waits last forever. */
export function rouserOf(waits: Waits, hanging: readonly Process[], blocked: readonly Blocked[]): Rouser | null {
  if (!hanging.some((each) => waits.wakeable.has(each))) return null;
  const candidates = [...hanging, ...waits.wakeable];
  const process = candidates.find((each) => waits.handlers(each).length > 0);
  if (process === undefined) return null;
  const handlers = waits.handlers(process).slice(0, 3);
  return {
    // A service that waits for an Event which its handler sets is as it should be; so is one that waits for work.
    severity: blocked.every((each) => FIRM.includes(each.operation)) ? 'warning' : 'info',
    ref: { process: processRef(process), handlers: handlers.map(({ signal, name }) => ({ signal, name })) },
    evidence: handlers.map((each) => evidence(process, each)),
  };
}

function evidence(process: Process, { signal, line }: Handler): Evidence {
  return { line, caption: { kind: 'signal handler', process: processRef(process), signal }, process };
}
