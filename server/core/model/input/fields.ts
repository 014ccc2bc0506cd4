/** Reads fields of records from a file: no field is trusted, and every field has a default. */

export type RecordFields = Readonly<Record<string, unknown>>;

export function num(record: RecordFields, name: string): number {
  const value = record[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
export function optionalNum(record: RecordFields, name: string): number | null {
  const value = record[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
export function str(record: RecordFields, name: string): string {
  const value = record[name];
  return typeof value === 'string' ? value : '';
}
export function bool(record: RecordFields, name: string): boolean {
  return record[name] === true;
}
export function strings(record: RecordFields, name: string): string[] {
  const value = record[name];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
export function records(record: RecordFields, name: string): RecordFields[] {
  const value = record[name];
  return Array.isArray(value)
    ? value.filter((each): each is RecordFields => typeof each === 'object' && each !== null)
    : [];
}
