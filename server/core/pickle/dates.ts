import type { Value } from './values';

/** The repr of a `datetime` object from its pickled arguments; null if that class does not write such arguments. */
export function dateTimeText(name: string, args: readonly Value[]): string | null {
  if (name === 'timedelta') return timedeltaText(args);
  if (name === 'timezone') return timezoneText(args);
  const [first, zone] = args;
  if (first?.kind !== 'bytes' || first.open) return null;
  const parts = fields(name, first.bytes);
  if (parts === null) return null;
  if (zone !== undefined) {
    const text = zone.kind === 'object' ? objectText(zone) : null;
    if (text === null) return null;
    parts.push(`tzinfo=${text}`);
  }
  return `datetime.${name}(${parts.join(', ')})`;
}

function objectText(zone: Value): string | null {
  if (zone.kind !== 'object' || zone.callee.kind !== 'global') return null;
  const args = zone.args?.kind === 'sequence' ? zone.args.items : [];
  if (zone.callee.module === 'datetime' && zone.callee.name === 'timezone') return timezoneText(args);
  const [key] = args;
  return zone.callee.module === 'zoneinfo' && key?.kind === 'text'
    ? `zoneinfo.ZoneInfo(key='${key.value.slice(0, 80)}')`
    : null;
}

/** The packed state: big-endian year, then one byte each, microseconds in three; the top bit of a field is `fold`. */
function fields(name: string, bytes: Uint8Array): string[] | null {
  const at = (index: number) => bytes[index] ?? 0;
  const date = () => [at(0) * 256 + at(1), at(2) & 0x7f, at(3)].map(String);
  const time = (from: number, fold: boolean) => {
    const micros = at(from + 3) * 65536 + at(from + 4) * 256 + at(from + 5);
    const parts = [at(from) & 0x7f, at(from + 1)].map(String);
    if (at(from + 2) > 0 || micros > 0) parts.push(String(at(from + 2)));
    if (micros > 0) parts.push(String(micros));
    if (fold) parts.push('fold=1');
    return parts;
  };
  if (name === 'date' && bytes.length === 4) return date();
  if (name === 'time' && bytes.length === 6) return time(0, at(0) > 0x7f);
  if (name === 'datetime' && bytes.length === 10) return [...date(), ...time(4, at(2) > 0x7f)];
  return null;
}

function integers(args: readonly Value[], count: number): string[] | null {
  const found = args
    .slice(0, count)
    .map((each) => (each.kind === 'atom' && each.type === 'int' ? each.text.slice(0, 20) : ''));
  return found.length === count && found.every((each) => each !== '') ? found : null;
}

function timedeltaText(args: readonly Value[]): string | null {
  const parts = integers(args, 3);
  if (parts === null) return null;
  const [days, seconds, micros] = parts;
  const said = [`days=${days}`, `seconds=${seconds}`, `microseconds=${micros}`].filter((each) => !each.endsWith('=0'));
  return `datetime.timedelta(${said.length === 0 ? '0' : said.join(', ')})`;
}

function timezoneText(args: readonly Value[]): string | null {
  const [offset] = args;
  if (offset?.kind !== 'object' || offset.args?.kind !== 'sequence') return null;
  const text = timedeltaText(offset.args.items);
  if (text === null) return null;
  return text === 'datetime.timedelta(0)' && args.length === 1 ? 'datetime.timezone.utc' : `datetime.timezone(${text})`;
}
