import type { Report } from '../../protocol/report';

type Fields = Readonly<Record<string, unknown>>;
const LISTS = ['processes', 'channels', 'pools', 'findings'] as const;

/**
 * The differences between two reports of the same session, one sentence each: the live report and that of its recording
 * must agree.
 */
export function reportDifferences(live: Report, recorded: Report): string[] {
  const found = [
    ...fieldDifferences('The session', fieldsOf(live.session), fieldsOf(recorded.session)),
    ...fieldDifferences('The count of messages', fieldsOf(live.messages), fieldsOf(recorded.messages)),
  ];
  for (const list of LISTS) {
    const [ours, theirs] = [live[list], recorded[list]].map((items) => new Map(items.map(keyed)));
    for (const [key, each] of ours as Map<string, Fields>) {
      const other = theirs?.get(key);
      if (other === undefined) found.push(`${nameOf(list, key, each)} is in the live report alone.`);
      else found.push(...fieldDifferences(nameOf(list, key, each), each, other));
    }
    for (const [key, each] of theirs as Map<string, Fields>)
      if (ours?.has(key) !== true) found.push(`${nameOf(list, key, each)} is in the recording's report alone.`);
  }
  return found;
}

function keyed(item: object): [string, Fields] {
  const fields = fieldsOf(item);
  const { id, code, message, processes } = fields;
  return [id === undefined ? JSON.stringify([code, message, processes]) : String(id), fields];
}

function nameOf(list: string, key: string, item: Fields): string {
  return `${list}: ${item['name'] ?? item['code'] ?? ''} (${key})`;
}

function fieldDifferences(what: string, live: Fields, recorded: Fields): string[] {
  const names = new Set([...Object.keys(live), ...Object.keys(recorded)]);
  return [...names].flatMap((name) => {
    const [ours, theirs] = [live, recorded].map((each) => JSON.stringify(ordered(name, each[name])));
    return ours === theirs ? [] : [`${what} differs in ${name}: live ${ours}, recorded ${theirs}.`];
  });
}

/** The order of a channel's ends is not significant. */
function ordered(name: string, value: unknown): unknown {
  if (name !== 'endpoints' || !Array.isArray(value)) return value;
  return value.map((each) => JSON.stringify(each)).sort();
}

function fieldsOf(value: object): Fields {
  return value as Fields;
}
