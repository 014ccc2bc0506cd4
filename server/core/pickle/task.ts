/**
 * Internal messages of pools, read as data: a task's arguments, its result or exception, as sent by multiprocessing and
 * concurrent.futures.
 */
import { BATCH_CLASSES, BY_VALUE_PACKAGES, FAILURE_CLASSES, TASK_RUNNERS } from '../../protocol/libraries';
import type { PayloadNode } from '../../protocol/views';
import { type Payload, valueFrom } from './payload';
import { valueText } from './text';
import { valueTree } from './tree';
import { NONE, REST, sequence, type Value } from './values';

export interface Shown {
  readonly text: string;
  readonly tree: PayloadNode;
}
export interface Outcome extends Shown {
  /** The worker's traceback; null: none. `open`: its end was not recorded. */
  readonly traceback: { readonly text: string; readonly open: boolean } | null;
  /** Only the exception's class was recorded. */
  readonly cut?: true;
}

const TEXT = 200;
const BY_VALUE = new RegExp(`^(${BY_VALUE_PACKAGES.map((each) => each.replaceAll('.', '\\.')).join('|')})\\b`);

/**
 * A task's arguments, or a chunk's items; null if the message does not belong to a pool. Of a truncated head, the
 * values read inside the innermost open tuples follow each other in the outermost one.
 */
export function taskArguments(payload: Payload): Shown | null {
  const value = valueFrom(payload);
  const items = uncalled(bodyOf(value));
  if (items !== null && items.length >= 2) {
    // (job, index, function, args, kwargs); a map's function is mapstar, its args ((function, items),)
    const [, , callee, args, kwargs] = items;
    // In a truncated head the batch may follow parts of its containers.
    for (const each of items.slice(2)) {
      const batch = batchOf(each);
      if (batch !== null) return shown(batch);
    }
    // The head was truncated inside a function pickled by value: its arguments would follow it.
    if (isOpen(value) && items.slice(2).some((each) => isByValue(each))) return shown(REST);
    if (callee?.kind === 'global' && Object.hasOwn(TASK_RUNNERS, callee.module))
      return namedTaskArguments(items, TASK_RUNNERS[callee.module] as string);
    const isMap = isStar(callee);
    if (isOpen(value) && !(args?.kind === 'sequence' && items.length <= 5 && !isMap))
      return shown(cutItems(items.slice(isMap ? 4 : 3)));
    if (isMap) return shown(itemsOf(itemsOf(args ?? REST)?.[0] ?? REST)?.[1] ?? REST);
    return callShown(args ?? REST, kwargs ?? null);
  }
  const callee = field(value, 'fn');
  const args = field(value, 'args');
  if (callee === null && args === null) return null;
  const batch = batchOf(callee);
  if (batch !== null) return shown(batch);
  return isChunk(callee) ? shown(itemsOf(args ?? REST)?.[0] ?? REST) : callShown(args ?? REST, field(value, 'kwargs'));
}

/** A task's result, or the exception instead of one. */
export function taskOutcome(payload: Payload, failed: boolean): Outcome | null {
  const value = valueFrom(payload);
  const found = outcomeParts(value, failed);
  const [first, ...rest] = found;
  if (first === undefined) return null;
  const info = failed ? failureOf(found) : null;
  if (info !== null) return info;
  if (!failed) return { ...shown(rest.length > 0 ? sequence('tuple', [...found], true) : first), traceback: null };
  if (first.kind === 'object' && isRebuilder(first.callee)) return exceptionShown(itemsOf(first.args ?? REST) ?? []);
  if (isRebuilder(first)) return exceptionShown(rest);
  return { ...shown(first), traceback: null };
}

/** The value; if its end was not recorded, possibly only the recorded parts. */
function outcomeParts(value: Value, failed: boolean): readonly Value[] {
  const items = bodyOf(value);
  if (items !== null) {
    // (job, index, (succeeded, value))
    const pair = items[2]?.kind === 'sequence' ? itemsOf(items[2]) : null;
    return pair === null ? items.slice(3) : pair.slice(1);
  }
  const name = failed ? 'exception' : 'result';
  const entries = value.kind === 'object' && value.state?.kind === 'mapping' ? value.state.entries : [];
  const at = entries.findIndex((each) => each.kind === 'text' && each.value === name);
  if (at >= 0 && isOpen(value)) return entries.slice(at + 1);
  const found = field(value, name);
  return found === null ? [] : [found];
}
export function exceptionShown([thrown = REST, traceback]: readonly Value[]): Outcome {
  const text = traceback?.kind === 'text' ? { text: unquoted(traceback.value), open: traceback.open } : null;
  return { ...shown(thrown), traceback: text };
}
function cutItems(rest: readonly Value[]): Value {
  const [only] = rest;
  return rest.length === 1 && only?.kind === 'sequence' ? only : sequence('tuple', [...rest], true);
}
export function isRebuilder(value: Value): boolean {
  return value.kind === 'global' && /(^|\.)_?rebuild_exc(eption)?$/.test(value.name);
}
function isOpen(value: Value): boolean {
  if (value.kind === 'sequence') return value.open;
  return value.kind === 'object' && (value.open || (value.state?.kind === 'mapping' && value.state.open));
}

export function shown(value: Value): Shown {
  return { text: valueText(value, TEXT), tree: valueTree(value) };
}

/** As written between the parentheses of a call. */
export function callShown(args: Value, kwargs: Value | null): Shown {
  const parts = args.kind === 'sequence' ? args.items.map((each) => valueText(each, TEXT)) : ['…'];
  if (args.kind === 'sequence' && args.open) parts.push('…');
  const named = kwargs?.kind === 'mapping' ? kwargs.entries : [];
  for (let i = 0; i + 1 < named.length; i += 2) {
    const key = named[i] as Value;
    parts.push(`${key.kind === 'text' ? key.value : valueText(key, TEXT)}=${valueText(named[i + 1] as Value, TEXT)}`);
  }
  const text = parts.join(', ');
  const both = named.length === 0 ? args : sequence('tuple', [args, kwargs as Value]);
  return { text: text.length > TEXT ? `${text.slice(0, TEXT)}…` : text, tree: valueTree(both) };
}

/** The content of a pool's message. Some libraries prefix the kind: (kind, (job, index, …)). */
function bodyOf(value: Value): readonly Value[] | null {
  const items = itemsOf(value);
  if (items === null) return null;
  const [kind, second, third] = items;
  if (kind?.kind !== 'atom' || kind.type !== 'int') return items;
  if (items.length === 2 && second?.kind === 'sequence' && second.type === 'tuple') return second.items;
  const isIndex = third?.kind === 'atom' && (third.type === 'int' || third.type === 'NoneType');
  return isOpen(value) && second?.kind === 'atom' && isIndex ? items.slice(1) : items;
}
/**
 * In a truncated head, a function followed by its arguments looks like the object of a call: separates the two again.
 */
function uncalled(items: readonly Value[] | null): readonly Value[] | null {
  const last = items?.at(-1);
  if (items === null || items.length > 4 || last?.kind !== 'object' || !last.open || last.state !== null) return items;
  if (items.length === 4 && !isStar(items[2])) return items;
  return last.callee.kind === 'global' && last.args !== null ? [...items.slice(0, -1), last.callee, last.args] : items;
}
function isStar(value: Value | undefined): boolean {
  return value?.kind === 'global' && /^(star)?mapstar$/.test(value.name);
}
/**
 * A library's description of an exception: the value itself, or, in the answer of a named task, (1, description,
 * seconds).
 */
function failureOf(found: readonly Value[]): Outcome | null {
  const all = found.flatMap((each) => (each.kind === 'sequence' && each.type === 'tuple' ? each.items : each));
  const info = all.find((each) => each.kind === 'object' && isFailure(each));
  if (info === undefined) return null;
  const thrown = field(info, 'exception');
  if (thrown?.kind === 'object' && isRebuilder(thrown.callee))
    return exceptionShown(itemsOf(thrown.args ?? REST) ?? []);
  return { ...shown(field(info, 'type') ?? REST), traceback: null, cut: true };
}
function isFailure(value: Value): boolean {
  if (value.kind === 'object') return isFailure(value.callee);
  return value.kind === 'global' && FAILURE_CLASSES.includes(`${value.module}.${value.name}`);
}
/**
 * A function that runs named tasks receives a name, an id, the request's data (the arguments also as text), and more.
 */
function namedTaskArguments(items: readonly Value[], key: string): Shown {
  const all = items.flatMap((each) => (each.kind === 'sequence' && each.type === 'tuple' ? each.items : each));
  const known = all.find((each) => each.kind === 'mapping');
  const entries = known?.kind === 'mapping' ? known.entries : [];
  const at = entries.findIndex((each, i) => i % 2 === 0 && each.kind === 'text' && each.value === key);
  const text = at < 0 ? undefined : entries[at + 1];
  if (text?.kind !== 'text') return shown(REST);
  return { text: text.value.replace(/^\((.*?),?\)$/s, '$1').slice(0, TEXT), tree: valueTree(text) };
}
export function itemsOf(value: Value): readonly Value[] | null {
  return value.kind === 'sequence' ? value.items : null;
}
/** An attribute of an object that was pickled with its `__dict__`. */
export function field(value: Value, name: string): Value | null {
  if (value.kind !== 'object' || value.state?.kind !== 'mapping') return null;
  const { entries } = value.state;
  for (let i = 0; i + 1 < entries.length; i += 2) {
    const key = entries[i] as Value;
    if (key.kind === 'text' && key.value === name) return entries[i + 1] as Value;
  }
  return name === 'result' && value.state.open === false ? NONE : null;
}
/** The arguments of the calls that a library submits as one batch, like a map's chunk; null: not such a batch. */
function batchOf(callee: Value | null, depth = 0): Value | null {
  if (callee?.kind !== 'object' || depth > 3) return null;
  if (callee.callee.kind === 'global' && BATCH_CLASSES.includes(callee.callee.name)) {
    // [(function, args, kwargs), …]
    const list = itemsOf(callee.args ?? REST)?.[0] ?? REST;
    const calls = itemsOf(list);
    if (calls === null) return REST;
    const values = calls.map((each) => {
      const args = itemsOf(each)?.[1] ?? REST;
      const only = itemsOf(args);
      return only?.length === 1 ? (only[0] as Value) : args;
    });
    return values.every((each) => each.kind === 'rest') ? REST : sequence('tuple', values, isOpen(list));
  }
  // The batch may be wrapped in an object that calls it.
  return batchOf(field(callee, 'func'), depth + 1);
}
function isByValue(value: Value): boolean {
  if (value.kind === 'object') return isByValue(value.callee);
  return value.kind === 'global' && BY_VALUE.test(value.module);
}
/** `functools.partial(_process_chunk, function)` of an executor's map. */
function isChunk(callee: Value | null): boolean {
  if (callee?.kind !== 'object') return false;
  const all = [callee.callee, ...(itemsOf(callee.args ?? REST) ?? []), ...(itemsOf(callee.state ?? REST) ?? [])];
  return all.some((each) => each.kind === 'global' && each.name === '_process_chunk');
}
/** Workers send it between triple quotes. */
function unquoted(text: string): string {
  return text
    .replace(/^\s*"""\n/, '')
    .replace(/"""\s*$/, '')
    .trimEnd();
}
