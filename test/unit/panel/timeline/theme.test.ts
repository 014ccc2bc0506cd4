import { expect, test } from 'vitest';
import { readTheme } from '../../../../media/panel/timeline/theme';

const read = (variables: Readonly<Record<string, string>>, bodyClass = 'vscode-dark') =>
  readTheme((name) => variables[name] ?? '', bodyClass);

test('translucent colours of a theme become opaque', () => {
  expect(read({ '--vscode-charts-orange': '#d186167f' }).channels).toContain('#d18616');
  expect(read({ '--vscode-charts-orange': 'rgba(1, 2, 3, 0.4)' }).channels).toContain('rgb(1, 2, 3)');
});

test('in high contrast, states differ by pattern too', () => {
  const looks = (bodyClass: string) => read({}, bodyClass).states.map(({ colour, pattern }) => `${colour} ${pattern}`);
  expect(new Set(looks('vscode-high-contrast')).size).toBe(9);
  expect(read({}, 'vscode-high-contrast-light').contrast).toBe(true);
  expect(read({}).contrast).toBe(false);
});
