/** The client's wish for a log of this server: with its options at the start, and whenever the setting changes. */
import { log } from '../engine/log/log';
import { TRACE_LEVELS, type TraceLevel } from '../protocol/stream';

/** Who wants the log: the setting. */
const setting = {};

/**
 * @param wanted a `TraceParams`, or whatever a client sent in its place
 * @returns a sentence when there can be no log; null: it is as it was wanted
 */
export function applyTrace(wanted: unknown): string | null {
  const { level, folder } = (typeof wanted === 'object' && wanted !== null ? wanted : {}) as Record<string, unknown>;
  const known: TraceLevel | undefined = TRACE_LEVELS.find((each) => each === level);
  if (known === undefined) return null;
  if (typeof folder === 'string' && folder !== '') log.useFolder(folder);
  try {
    if (known === 'off') log.stop(setting);
    else log.start(setting, known);
    return null;
  } catch (error) {
    return `There is no log: ${(error as Error).message}`;
  }
}
