import type { Severity } from '../../protocol/views';
import type { Blocked } from '../model/entities/blocked';
import type { Process } from '../model/entities/process';
import type { Handler } from '../model/query/handlers';
import type { Waits } from '../model/query/waits';
import { list, who } from './text';
import type { Evidence } from './types';

/** What makes a hang one that a signal may end: a process in it, or one that it depends on, handles signals itself. */
export interface Rouser {
  /** How bad it is as long as no signal comes. */
  readonly severity: Severity;
  /** " main (pid 4711) handles SIGTERM (on_term), which may end this." */
  readonly sentence: string;
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
  const handlers = waits.handlers(process);
  const words = handlers.slice(0, 3).map(({ signal, name }) => (name === '' ? signal : `${signal} (${name})`));
  return {
    // A service that waits for an Event which its handler sets is as it should be; so is one that waits for work.
    severity: blocked.every((each) => FIRM.includes(each.operation)) ? 'warning' : 'info',
    sentence: ` ${who(process)} handles ${list(words)}, which may end this.`,
    evidence: handlers.slice(0, 3).map((each) => evidence(process, each)),
  };
}

function evidence(process: Process, { signal, line }: Handler): Evidence {
  return { line, caption: `the handler of ${who(process)} for ${signal} is set here`, process };
}
