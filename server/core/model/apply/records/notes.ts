import { locationOf } from '../../entities/process';
import { num, optionalNum, str, strings } from '../../input/fields';
import { intentOf } from '../../state/interventions';
import type { RecordTable } from './types';

/** The runtime's notes on its own problems, and the interventions at pauses. */
export const NOTE_RECORDS: RecordTable = {
  developer(model, image, record, at) {
    const action = intentOf(str(record, 'action'));
    if (action === undefined) return;
    const { channels, interventions } = model;
    const keyed = strings(record, 'keys').map((key) => channels.keyed(key)?.channel);
    model.changes.interventions = true;
    interventions.add({
      process: image.process,
      channel: channels.of(num(record, 'id')) ?? keyed.find((each) => each !== undefined) ?? null,
      action,
      operation: str(record, 'op'),
      at,
      line: locationOf(image, num(record, 'loc')),
      seconds: num(record, 'seconds'),
    });
    const seq = optionalNum(record, 'seq');
    if (str(record, 'phase') === 'after') {
      if (seq !== null) interventions.changedReceived(image, seq, action);
    } else if (action !== 'drop') interventions.changedNext(image, num(record, 'thread'), action, at);
  },
  diag({ lineProblems, warnings }, image, record) {
    const { pid, process } = image;
    const [code, text] = [str(record, 'code'), str(record, 'text')];
    const [where, kind] = code.split(':');
    if (where === 'lines') {
      const reason = [kind, text].filter((each) => each !== '').join(': ');
      lineProblems.push({ process, reason });
      warnings.add({ kind: 'line-debugger', pid, reason });
    } else if (where === 'locked') warnings.add({ kind: 'locked', pid, mb: Math.round(Number(text)) || 0 });
    else warnings.add({ kind: 'incomplete', pid, text, code });
  },
};
