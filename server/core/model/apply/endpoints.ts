import type { ChannelKind, EndpointMode } from '../../../protocol/views';
import type { Channel, End } from '../entities/channel';
import { type Image, locationOf } from '../entities/process';
import { shownName, shownPlace } from '../entities/shown';
import { bool, num, type RecordFields, str, strings } from '../input/fields';
import type { Place, Unplaced } from '../state/meetings';
import type { SessionModel } from '../state/sessionModel';
import { use } from './uses';

const KINDS: readonly ChannelKind[] = ['Queue', 'JoinableQueue', 'SimpleQueue', 'Pipe', 'Connection'];

/** The end that this record describes, at its channel: its own channel, or that of the other end. */
export function placeEndpoint(model: SessionModel, image: Image, record: RecordFields, at: number): End {
  const { channels } = model;
  const { meetings } = channels;
  const gid = num(record, 'id');
  const key = str(record, 'key');
  const known = channels.keyed(key);
  const keyed = (each: string) => channels.keyed(each);
  const place = shownAt(model, gid) ??
    known ??
    meetings.find(record, keyed, at) ?? { channel: channels.ensure(gid), side: 0 };
  const { channel } = place;
  // The other end's journal may have been read first.
  if (channel.describedAt < 0 || (channel.kind === 'Connection' && at < channel.describedAt))
    describeChannel(model, image, channel, { ...record, kind: 'Connection', duplex: modeOf(record) === 'rw' });
  if (known === null) channels.setKey(key, channel, place.side);
  const end = channels.addEnd(
    gid,
    channel,
    modeOf(record),
    channel.duplex ? place.side : modeOf(record) === 'w' ? 1 : 0,
  );
  if (known === null) meetings.await(end, record, at);
  use(model, image, end, at);
  model.changes.channels.status(channel);
  return end;
}

/** Where this end was while the session was live. */
function shownAt(model: SessionModel, gid: number): Place | null {
  const shown = shownPlace(model.channels.shown, gid);
  return shown === null ? null : { channel: model.channels.ensure(shown.channel), side: shown.side };
}

/** The end with this id. A connection without a known other end gets one when it is first used. */
export function endOf(model: SessionModel, gid: number): End | undefined {
  const { ends, meetings } = model.channels;
  const known = ends.get(gid);
  if (known !== undefined) return known;
  const aside = meetings.takeBack(gid);
  return aside === undefined ? undefined : placeAside(model, aside);
}

/** The same for a record that was deferred. */
export function placeAside(model: SessionModel, { image, record, at, closedAt }: Unplaced): End {
  const end = placeEndpoint(model, image, record, at);
  if (closedAt >= 0) {
    const found = use(model, image, end);
    found.open = false;
    found.closedAt = closedAt;
  }
  return end;
}

/** A record's mode; 'rw' if it names none. */
export function modeOf(record: RecordFields): EndpointMode {
  const text = str(record, 'mode');
  return text === 'r' || text === 'w' ? text : 'rw';
}

export function describeChannel(model: SessionModel, image: Image, channel: Channel, record: RecordFields): void {
  const kind = str(record, 'kind') as ChannelKind;
  channel.kind = KINDS.includes(kind) ? kind : 'Connection';
  const names = strings(record, 'names');
  channel.names = names.length === 2 ? [names[0] as string, names[1] as string] : null;
  const given = str(record, 'name') || (channel.names === null ? '' : `${channel.names[0]} ⇄ ${channel.names[1]}`);
  const pair = channel.names !== null && !bool(record, 'duplex') ? `${channel.names[1]} → ${channel.names[0]}` : given;
  const shown = channel.kind === 'Connection' ? shownName(model.channels.shown, channel.id) : '';
  channel.isNumbered = pair === '' && (channel.isNumbered || channel.name === '');
  channel.name = shown || pair || channel.name || model.channels.numbered(channel.kind, channel.id);
  channel.describedAt = num(record, 't');
  channel.line = locationOf(image, num(record, 'loc'));
  channel.owner = str(record, 'owner') === 'library' ? 'library' : 'user';
  channel.capacity = num(record, 'capacity');
  channel.duplex = bool(record, 'duplex');
  channel.createdBy = image.process;
  model.changes.channels.meta(channel);
}
