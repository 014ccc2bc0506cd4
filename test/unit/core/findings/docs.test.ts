import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKS } from '../../../../server/core/findings';
import { FINDING_CODES } from '../../../../server/protocol/views';

const folder = resolve('docs/findings');
const index = readFileSync(resolve(folder, 'README.md'), 'utf8');

test('every finding has a check, a page that names it, and a row in the index', () => {
  for (const code of FINDING_CODES) {
    const page = resolve(folder, `${code}.md`);
    expect(existsSync(page), page).toBe(true);
    expect(readFileSync(page, 'utf8')).toContain(`ignore[${code}]`);
    expect(index).toContain(`(${code}.md)`);
  }
  const live = CHECKS.map((each) => each.code);
  expect(new Set(live).size).toBe(live.length);
  expect(live.every((code) => FINDING_CODES.includes(code))).toBe(true);
});

test('every page is in the index', () => {
  for (const file of readdirSync(folder)) if (file !== 'README.md') expect(index).toContain(`(${file})`);
});
