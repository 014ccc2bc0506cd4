import { Stop } from './cursor';
import { isMaker } from './names';
import { object, REST, sequence, type Value } from './values';

/** The pickle machine's stack with its marks, and the value recovered from it when the bytes end early. */
export class Stack {
  private readonly values: Value[] = [];
  private readonly marks: number[] = [];

  push(value: Value): void {
    this.values.push(value);
  }
  pop(): Value {
    if (this.values.length <= this.floor) throw new Stop('invalid');
    return this.values.pop() as Value;
  }
  top(): Value {
    if (this.values.length <= this.floor) throw new Stop('invalid');
    return this.values[this.values.length - 1] as Value;
  }
  mark(): void {
    this.marks.push(this.values.length);
  }
  /** Everything above the last mark; removes the mark. */
  popToMark(): Value[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw new Stop('invalid');
    return this.values.splice(mark);
  }
  /** POP removes a mark when there is nothing above it. */
  popValueOrMark(): void {
    if (this.values.length > this.floor) this.values.pop();
    else if (this.marks.pop() === undefined) throw new Stop('invalid');
  }

  private get floor(): number {
    return this.marks[this.marks.length - 1] ?? 0;
  }

  /** Collapses the stack into one value, each unfinished part of it marked open. Null if the stack is empty. */
  collapse(): Value | null {
    while (this.marks.length > 0) {
      const pending = this.popToMark();
      closePendingCall(pending);
      const owner = this.values.length > this.floor ? this.values[this.values.length - 1] : undefined;
      if (owner === undefined || !takesMore(owner)) this.values.push(sequence('tuple', pending, true));
      else addOpen(owner, pending);
    }
    const [first, ...rest] = this.values;
    this.values.length = 0;
    if (first === undefined) return null;
    if (rest.length === 0) {
      setOpen(first);
      return first;
    }
    closePendingCall(rest);
    if (first.kind === 'global') return openCall(first, rest);
    if (first.kind === 'object') {
      first.state ??= rest[0] ?? null;
      first.open = true;
      return first;
    }
    if (takesMore(first)) {
      addOpen(first, rest);
      return first;
    }
    return sequence('tuple', [first, ...rest], true);
  }
}

/** CPython's pickler writes members in batches of this size, the first right after the container itself. */
const BATCH = 1000;

/** Whether a mark right above `value` can be that of its next members rather than of a tuple that follows it. */
function takesMore(value: Value): boolean {
  if (value.kind === 'sequence')
    return value.type !== 'tuple' && value.type !== 'frozenset' && value.items.length % BATCH === 0;
  if (value.kind === 'mapping') return value.entries.length % (2 * BATCH) === 0;
  return value.kind === 'object' && value.items.length % BATCH === 0 && value.entries.length % (2 * BATCH) === 0;
}

function addOpen(owner: Value, members: readonly Value[]): void {
  if (owner.kind === 'sequence') for (const each of members) owner.items.push(each);
  else if (owner.kind === 'mapping') for (const each of members) owner.entries.push(each);
  // It is unknown what a mark above an object would have become: list items, dictionary entries or state.
  else if (owner.kind === 'object') for (const each of members) owner.items.push(each);
  setOpen(owner);
}

function setOpen(value: Value): void {
  if (value.kind === 'sequence' || value.kind === 'mapping' || value.kind === 'object') value.open = true;
}

/** Joins two last values when the joining opcode was truncated: a call with its arguments, an object with its state. */
function closePendingCall(values: Value[]): void {
  const last = values[values.length - 1];
  const before = values[values.length - 2];
  if (last === undefined || before === undefined) return;
  if (before.kind === 'global' && isMaker(before) && last.kind === 'sequence' && last.type === 'tuple') {
    values.splice(-2, 2, openCall(before, [last]));
  } else if (before.kind === 'object' && before.state === null && last.kind === 'mapping' && last.open) {
    before.state = last;
    before.open = true;
    values.pop();
  }
}

function openCall(callee: Value, rest: readonly Value[]): Value {
  const [first] = rest;
  const args =
    rest.length === 1 && first?.kind === 'sequence' && first.type === 'tuple' ? first : sequence('tuple', [...rest]);
  const made = object(callee, args);
  made.open = true;
  return made;
}

/** For a mapping whose last key has no value yet. */
export function closeEntries(entries: Value[]): Value[] {
  return entries.length % 2 === 0 ? entries : [...entries, REST];
}
