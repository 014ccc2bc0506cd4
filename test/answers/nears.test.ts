/** Each near miss of a fault is silent. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BOTH, CASES, FAULTS } from './faults';
import { runUnder } from './run';

const nears = readdirSync(FAULTS).filter((each) => each.endsWith('_near.py'));
test('every fault has a near miss', () => {
  const missing = Object.keys(CASES).filter((each) => !nears.includes(`${each}_near.py`));
  expect(missing).toEqual(['unpicklable_target']);
});
for (const near of nears) {
  for (const method of CASES[near.replace('_near.py', '')]?.methods ?? BOTH) {
    test(`${near} under ${method} is silent`, { timeout: 60_000 }, () => {
      const { report, status } = runUnder([join(FAULTS, near), method]);
      expect(report.findings).toEqual([]);
      expect(status).toBe(0);
    });
  }
}
