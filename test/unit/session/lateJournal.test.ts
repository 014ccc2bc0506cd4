import { expect, test } from 'vitest';
import { Processes } from '../../../server/model/processes';

test('a journal that is found after its process ended belongs to that process, a later one of the same pid does not', () => {
  const processes = new Processes();
  const child = processes.ensure(7, 100);
  processes.end(child, 'exited', 200, 0, null);
  expect(processes.addImage(7, 11, 1, 90).process).toBe(child);
  expect(processes.addImage(7, 12, 1, 300).process).not.toBe(child);
  const other = processes.ensure(8, 100);
  processes.end(other, 'exited', 200, 0, null);
  expect(processes.addImage(8, 13, 1, 300).process).not.toBe(other);
});
