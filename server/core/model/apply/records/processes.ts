import { programName } from '../../entities/commandLine';
import { locationOf, PARENT_BY } from '../../entities/process';
import { num, optionalNum, str, strings } from '../../input/fields';
import { adoptMain } from '../mainProcess';
import { inherit, touchUses } from '../uses';
import { darkOf, originOf } from './fields';
import type { RecordTable } from './types';

/** A process's records of itself, and other processes' records of its end. */
export const PROCESS_RECORDS: RecordTable = {
  process(model, image, record) {
    const { processes } = model;
    const process = image.process;
    process.argv = strings(record, 'argv');
    process.python = str(record, 'python') || null;
    if (image.parent === null) process.pidSpace = num(record, 'pidns');
    model.changes.processes.meta(process);
    if (image.parent !== null) {
      // In C a child may fork again before its first event. The nearest ancestor with a journal is then not the parent.
      const parent = processes.kernelParent(image) ?? image.parent.process;
      processes.setParent(process, parent, PARENT_BY.fork);
      if (process.parentBy <= PARENT_BY.maker && parent === process.parent) {
        processes.setOrigin(process, 'fork', 1);
        processes.setName(process, `fork of ${parent.name}`, 1);
      }
      if (process.line === 0) process.line = locationOf(image, num(record, 'loc'));
      // A slow child begins after its parent has recorded the fork, and possibly later closes.
      inherit(model, image, Math.min(num(record, 't'), process.startedAt));
    } else if (model.main === null) {
      adoptMain(model, process);
    } else {
      processes.setName(process, programName(process.argv), 1);
      processes.setParent(process, processes.kernelParent(image), PARENT_BY.none); // forked by a shell or by C code
    }
  },
  identity(model, image, record) {
    const origin = originOf(record, 'origin');
    image.identified = true;
    if (origin !== null) model.processes.setOrigin(image.process, origin, 4);
    model.processes.setName(image.process, str(record, 'name'), 4);
  },
  exec(model, image, record) {
    const process = image.process;
    process.argv = strings(record, 'argv');
    process.image = null; // its next journal belongs to the same process
    process.darkSaid = darkOf(record);
    model.processes.setName(process, programName(process.argv), process.nameBy);
  },
  execFailed(_model, image) {
    image.process.image = image;
  },
  signal(model, image, record, at) {
    const target = model.processes.find(num(record, 'pid'), at);
    if (target === null) return;
    target.signalled = num(record, 'signal');
    target.signalledBy = image.process;
  },
  reap(model, _image, record, at) {
    const process = model.processes.find(num(record, 'pid'), at) ?? model.processes.latest(num(record, 'pid'));
    if (process === null) return;
    model.processes.reaped(process, at);
    const signal = optionalNum(record, 'signal');
    const code = optionalNum(record, 'code');
    if (signal !== null) model.processes.end(process, 'killed', at, null, signal);
    else model.processes.end(process, 'exited', process.saidEnd(at), code, null);
    touchUses(model, process.image);
  },
  exit(model, image, record, at) {
    model.processes.saidExit(image.process, at, optionalNum(record, 'code'));
  },
};
