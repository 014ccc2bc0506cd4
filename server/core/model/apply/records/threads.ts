import { locationOf } from '../../entities/process';
import { bool, num, records, str } from '../../input/fields';
import type { RecordTable } from './types';

/** Code locations, and an image's records of its threads and signal handlers. */
export const THREAD_RECORDS: RecordTable = {
  loc(model, image, record) {
    image.locs.set(
      num(record, 'id'),
      model.locations.intern({ file: str(record, 'file'), line: num(record, 'line'), function: str(record, 'func') }),
    );
  },
  thread(_model, image, record) {
    const ident = num(record, 'thread');
    const known = image.threads.get(ident);
    // One record reports its start, another its first operation, in any order. An ident may be reused.
    const target = str(record, 'target') || (known?.ended === false ? known.target : '');
    image.threads.set(ident, { name: str(record, 'name'), target, ended: bool(record, 'ended') });
    if (bool(record, 'unknown')) image.threadsUnknown = true;
  },
  forkThreads(_model, image, record) {
    const others = records(record, 'others').map((each) => ({
      name: str(each, 'name'),
      target: str(each, 'target'),
      line: locationOf(image, num(each, 'loc')),
    }));
    image.forkThreads.set(num(record, 'thread'), others);
  },
  ending(_model, image) {
    image.ending = true;
  },
  handler(_model, image, record, at) {
    const [disposition, name] = [str(record, 'kind'), str(record, 'name')];
    image.signals.changed(num(record, 'signal'), {
      at,
      disposition,
      name,
      line: locationOf(image, num(record, 'loc')),
    });
  },
};
