import { expect, test } from 'vitest';
import { PARENT_BY } from '../../../../server/core/model/entities/process';
import { Processes } from '../../../../server/core/model/state/processes';

test('a journal found after its process ended belongs to that process, a later one of the same pid does not', () => {
  const processes = new Processes();
  const child = processes.ensure(7, 100);
  processes.end(child, 'exited', 200, 0, null);
  expect(processes.addImage(7, 11, 1, 90).process).toBe(child);
  expect(processes.addImage(7, 12, 1, 300).process).not.toBe(child);
  const other = processes.ensure(8, 100);
  processes.end(other, 'exited', 200, 0, null);
  expect(processes.addImage(8, 13, 1, 300).process).not.toBe(other);
});

test('a child that ended before its creating call returned is one process, another one with its pid is not', () => {
  const processes = new Processes();
  const child = processes.ensure(7, 100);
  processes.setParent(child, processes.ensure(1, 0), PARENT_BY.maker);
  processes.end(child, 'exited', 200, 0, null);
  expect(processes.made(7, 300, PARENT_BY.creator)).toBe(child);
  processes.setParent(child, processes.ensure(2, 0), PARENT_BY.creator);
  expect(processes.made(7, 400, PARENT_BY.creator)).not.toBe(child);
  const long = processes.ensure(8, 100);
  processes.end(long, 'exited', 200, 0, null);
  expect(processes.made(8, 60e9, PARENT_BY.creator)).not.toBe(long);
});
