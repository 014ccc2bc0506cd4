import { OWN_START_METHODS } from '../../../../protocol/libraries';
import type { StartMethod } from '../../../../protocol/views';
import { programName } from '../../entities/commandLine';
import { locationOf, PARENT_BY } from '../../entities/process';
import { bool, num, str, strings } from '../../input/fields';
import { darkOf, originOf } from './fields';
import type { RecordTable } from './types';

const METHODS: readonly StartMethod[] = ['fork', 'spawn', 'forkserver', ...OWN_START_METHODS];
const MAX_FAILED_STARTS = 1000;

/** How a process starts others. */
export const START_RECORDS: RecordTable = {
  child(model, image, record) {
    model.children.set(num(record, 'id'), record);
    if (!image.identified) image.process.madeChildAt = locationOf(image, num(record, 'loc'));
  },
  start(model, image, record, at) {
    const { processes } = model;
    const pid = num(record, 'pid');
    if (pid <= 0) return;
    const process = processes.made(pid, at, PARENT_BY.creator);
    if (process.image === null) process.pidSpace = image.process.pidSpace;
    const child = model.children.get(num(record, 'id')) ?? {};
    processes.setParent(process, image.process, PARENT_BY.creator);
    processes.setName(process, str(record, 'name') || str(child, 'name'), 5);
    processes.setOrigin(process, originOf(child, 'kind') ?? 'process', 5);
    const method = str(record, 'method') as StartMethod;
    process.startMethod = METHODS.includes(method) ? method : null;
    process.target = str(child, 'target') || null;
    process.daemon = bool(record, 'daemon');
    process.line = locationOf(image, num(record, 'loc')) || process.line;
  },
  startFailed(model, image, record, at) {
    if (model.failedStarts.length >= MAX_FAILED_STARTS) return;
    model.failedStarts.push({
      process: image.process,
      name: str(record, 'name'),
      line: locationOf(image, num(record, 'loc')),
      at,
      error: str(record, 'error'),
    });
  },
  fork(model, image, record, at) {
    const pid = num(record, 'pid');
    if (pid <= 0) return;
    const { processes } = model;
    const process = processes.made(pid, at, PARENT_BY.maker, image);
    if (process.image === null) process.pidSpace = image.process.pidSpace;
    processes.setParent(process, image.process, PARENT_BY.maker);
    processes.setOrigin(process, 'fork', 1);
    processes.setName(process, `fork of ${image.process.name}`, 1);
    process.darkSaid = darkOf(record);
    if (process.argv.length === 0) process.argv = image.process.argv;
    if (process.line === 0) process.line = locationOf(image, num(record, 'loc'));
    const line = locationOf(image, num(record, 'loc'));
    const thread = num(record, 'thread');
    const threads = image.forkThreads.get(thread) ?? [];
    if (threads.length > 0) model.threadedForks.push({ parent: image.process, child: process, line, at, threads });
    image.forkThreads.delete(thread);
  },
  spawn(model, image, record, at) {
    const pid = num(record, 'pid');
    if (pid <= 0) return;
    const { processes } = model;
    const process = processes.made(pid, at, PARENT_BY.maker);
    if (process.image === null) process.pidSpace = image.process.pidSpace;
    const argv = strings(record, 'argv');
    processes.setParent(process, image.process, PARENT_BY.maker);
    const before = process.image;
    if (before !== null && before.parent === image) {
      // A child that ran preexec_fn has a journal from before its exec. It is another program now.
      process.argv = argv;
      process.python = null;
      process.image = null;
    } else if (process.argv.length === 0) process.argv = argv;
    if (str(record, 'call') === 'multiprocessing') {
      const text = argv.join(' ');
      const helper = text.includes('resource_tracker')
        ? 'resource-tracker'
        : text.includes('forkserver')
          ? 'forkserver'
          : null;
      if (helper !== null) {
        processes.setOrigin(process, helper, 4);
        processes.setName(process, helper, 4);
      } else {
        processes.setOrigin(process, 'process', 3);
      }
    } else {
      processes.setOrigin(process, 'subprocess', 3);
      processes.setName(process, programName(argv), 3);
    }
    process.line = locationOf(image, num(record, 'loc')) || process.line;
    process.darkSaid = darkOf(record);
    model.changes.processes.meta(process);
  },
};
