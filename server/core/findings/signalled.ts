import type { RouserRef } from '../../protocol/findingParams';
import type { Severity } from '../../protocol/views';
import type { Blocked } from '../model/entities/blocked';
import type { Process } from '../model/entities/process';
import type { Handler } from '../model/query/handlers';
import type { Waits } from '../model/query/waits';
import { processRef } from './refs';
import type { Evidence } from './types';

/** Why a signal may end a hang: a process in it, or one that it depends on, handles signals with its own function. */
export interface Rouser {
  /** Severity until a signal arrives. */
  readonly severity: Severity;
  readonly ref: RouserRef;
  readonly evidence: readonly Evidence[];
}

/** Calls that a handler can end only by an exception: otherwise it would have to release a lock or empty a pipe during other work. */
const FIRM = ['acquire', 'send', 'put', 'join', 'waitpid'];

/** The handler that would wake one of these processes at a signal. Null: none, so the waits last forever. */
export function rouserOf(waits: Waits, hanging: readonly Process[], blocked: readonly Blocked[]): Rouser | null {
  if (!hanging.some((each) => waits.wakeable.has(each))) return null;
  const candidates = [...hanging, ...waits.wakeable];
  const process = candidates.find((each) => waits.handlers(each).length > 0);
  if (process === undefined) return null;
  const handlers = waits.handlers(process).slice(0, 3);
  return {
    // A service that waits for an Event set by its handler is correct, and so is one that waits for work.
    severity: blocked.every((each) => FIRM.includes(each.operation)) ? 'warning' : 'info',
    ref: { process: processRef(process), handlers: handlers.map(({ signal, name }) => ({ signal, name })) },
    evidence: handlers.map((each) => evidence(process, each)),
  };
}

function evidence(process: Process, { signal, line }: Handler): Evidence {
  return { line, caption: { kind: 'signal handler', process: processRef(process), signal }, process };
}
