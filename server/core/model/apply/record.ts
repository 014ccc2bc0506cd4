import type { RecordType } from '../../../protocol/vocabulary';
import type { Image } from '../entities/process';
import { num, type RecordFields, str } from '../input/fields';
import type { SessionModel } from '../state/sessionModel';
import { CHANNEL_RECORDS } from './records/channels';
import { NOTE_RECORDS } from './records/notes';
import { POOL_RECORDS } from './records/pools';
import { PROCESS_RECORDS } from './records/processes';
import { START_RECORDS } from './records/starts';
import { THREAD_RECORDS } from './records/threads';
import type { RecordTable } from './records/types';

const APPLY: RecordTable = {
  ...PROCESS_RECORDS,
  ...START_RECORDS,
  ...THREAD_RECORDS,
  ...CHANNEL_RECORDS,
  ...POOL_RECORDS,
  ...NOTE_RECORDS,
};

/** Applies one definition record of an image's journal, whatever it holds. Unknown types come from a newer runtime and are ignored. */
export function applyRecord(model: SessionModel, image: Image, record: RecordFields): void {
  model.changes.revision++;
  const type = str(record, 'type');
  const apply = Object.hasOwn(APPLY, type) ? APPLY[type as RecordType] : undefined;
  apply?.(model, image, record, num(record, 't'));
}
