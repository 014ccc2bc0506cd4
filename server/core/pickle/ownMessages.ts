/** Messages of pools with a form of their own, as their libraries declare it: where a task's arguments and its result are. */
import type { Payload } from './payload';
import { valueFrom } from './payload';
import { callShown, exceptionShown, field, isRebuilder, itemsOf, type Outcome, type Shown, shown } from './task';
import { REST, type Value } from './values';

/** Paths of attributes and indices from the message, such as `payload.args` or `2`. */
export interface MessagePaths {
  readonly args?: string;
  readonly kwargs?: string;
  /** Of a chunk: what its function is called with, one after the other. */
  readonly items?: string;
  readonly result?: string;
  /** Of the worker's traceback as text. */
  readonly traceback?: string;
}

/** A task's arguments, or of a chunk its items; null where the recorded beginning does not reach that far. */
export function ownArguments(payload: Payload, paths: MessagePaths, chunk: boolean): Shown | null {
  const message = valueFrom(payload);
  if (chunk) {
    const items = partAt(message, paths.items);
    return items === null ? null : shown(items);
  }
  const args = partAt(message, paths.args);
  return args === null ? null : callShown(args, partAt(message, paths.kwargs));
}

/** A task's result, or the exception in its place. */
export function ownOutcome(payload: Payload, paths: MessagePaths, failed: boolean): Outcome | null {
  const message = valueFrom(payload);
  const result = partAt(message, paths.result);
  if (failed && result?.kind === 'object' && isRebuilder(result.callee))
    return exceptionShown(itemsOf(result.args ?? REST) ?? []);
  // Of the exception only the function that makes it again was recorded.
  if (failed && result !== null && isRebuilder(result)) return { ...shown(REST), traceback: null, cut: true };
  const text = failed ? partAt(message, paths.traceback) : null;
  if (text?.kind !== 'text') return result === null ? null : { ...shown(result), traceback: null };
  const lines = text.value.trimEnd();
  return {
    ...shown(text),
    text: lines.slice(lines.lastIndexOf('\n') + 1),
    traceback: { text: lines, open: text.open },
  };
}

function partAt(value: Value, path: string | undefined): Value | null {
  let found: Value | null = path === undefined ? null : value;
  for (const part of path?.split('.') ?? []) {
    if (found === null) return null;
    found = /^\d+$/.test(part) ? (itemsOf(found)?.[Number(part)] ?? null) : field(found, part);
  }
  return found;
}
