import type { Blocked } from '../model/entities/blocked';
import type { Process } from '../model/entities/process';
import { isServant } from '../model/query/servants';
import type { Waits } from '../model/query/waits';

/** The waits by which the processes of a cycle block each other. */
export function waitsWithin(waits: Waits, cycle: readonly Process[]): Blocked[] {
  const members = new Set(cycle);
  return cycle.flatMap((process) =>
    waits.of(process).filter((wait) => waits.living(wait).some((each) => members.has(each.process))),
  );
}

/** A key that stays the same until one of the processes moves. */
export function keyOf(waits: readonly Blocked[]): string {
  return waits
    .map((each) => `${each.process.id} ${each.ident} ${each.since}`)
    .sort()
    .join(', ');
}

/** Waits of the user's threads. A library's helper thread is only idle. */
export function users(waits: readonly Blocked[]): Blocked[] {
  const own = waits.filter((each) => !isServant(each) && each.line !== 0);
  return own.length > 0 ? own : [...waits];
}
