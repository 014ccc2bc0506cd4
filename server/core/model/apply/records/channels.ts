import { locationOf } from '../../entities/process';
import { num, records, str } from '../../input/fields';
import { Meetings } from '../../state/meetings';
import { describeChannel, modeOf, placeAside, placeEndpoint } from '../endpoints';
import { use } from '../uses';
import type { RecordTable } from './types';

/** Channels with their ends, and locks. */
export const CHANNEL_RECORDS: RecordTable = {
  channel(model, image, record, at) {
    const { channels } = model;
    const channel = channels.ensure(num(record, 'id'));
    describeChannel(model, image, channel, record);
    const ends = records(record, 'ends');
    ends.forEach((end, index) => {
      channels.setKey(str(end, 'key'), channel, index);
      use(model, image, channels.addEnd(num(end, 'id'), channel, modeOf(end), index), at);
    });
    model.changes.channels.status(channel);
  },
  endpoint(model, image, record, at) {
    const { channels } = model;
    const gid = num(record, 'id');
    if (channels.keyed(str(record, 'key')) === null && Meetings.isBare(record))
      channels.meetings.putAside(gid, { image, record, at, closedAt: -1 });
    else placeEndpoint(model, image, record, at);
  },
  challenge(model, _image, record) {
    const { meetings, ends } = model.channels;
    const gid = num(record, 'id');
    const word = str(record, 'word');
    const aside = meetings.takeBack(gid);
    if (aside !== undefined) placeAside(model, { ...aside, record: { ...aside.record, word } });
    const end = ends.get(gid);
    if (end !== undefined) meetings.awaitWord(end, word);
  },
  queue(model, image, record, at) {
    const { channels } = model;
    const ends = records(record, 'ends');
    const known = ends.map((end) => channels.keyed(str(end, 'key'))).find((each) => each !== null);
    const channel = known?.channel ?? channels.ensure(num(record, 'id'));
    if (known === undefined) describeChannel(model, image, channel, record);
    channels.byGid.set(num(record, 'id'), channel);
    ends.forEach((end, index) => {
      if (known === undefined) channels.setKey(str(end, 'key'), channel, index);
      use(model, image, channels.addEnd(num(end, 'id'), channel, modeOf(end), index), at);
    });
    model.changes.channels.status(channel);
  },
  close(model, image, record, at) {
    model.channels.meetings.closed(num(record, 'id'), at);
    const end = model.channels.ends.get(num(record, 'id'));
    const found = end === undefined ? undefined : model.channels.useOf(image, end);
    if (found !== undefined) {
      found.open = false;
      found.closedAt = at;
      model.changes.channels.status(found.channel);
    }
  },
  lock(model, image, record) {
    model.locks.declare(
      num(record, 'id'),
      str(record, 'kind'),
      str(record, 'name'),
      locationOf(image, num(record, 'loc')),
      str(record, 'owner'),
      str(record, 'key'),
    );
  },
};
