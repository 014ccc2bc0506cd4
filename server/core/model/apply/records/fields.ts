import { type DarkReason, isDarkReason } from '../../../../protocol/dark';
import type { ProcessOrigin } from '../../../../protocol/views';
import { type RecordFields, str } from '../../input/fields';

const ORIGINS: readonly ProcessOrigin[] = [
  'process',
  'pool-worker',
  'executor-worker',
  'forkserver',
  'resource-tracker',
  'manager',
];

/** A field that names a process's origin. Null: it names none. */
export function originOf(record: RecordFields, field: string): ProcessOrigin | null {
  const origin = str(record, field) as ProcessOrigin;
  return ORIGINS.includes(origin) ? origin : null;
}

/** Why the record's process will never be recorded. Null: it may be. */
export function darkOf(record: RecordFields): DarkReason | null {
  const why = str(record, 'dark');
  return isDarkReason(why) ? why : null;
}
