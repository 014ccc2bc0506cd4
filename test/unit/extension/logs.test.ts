/** The archive of logs is one that others read. */
import { execFileSync } from 'node:child_process';
import { afterAll, expect, test } from 'vitest';
import { aboutText } from '../../../extension/logs/about';
import { zip } from '../../../extension/logs/zip';
import { PYTHON, Workplace } from '../session/programs';

const place = new Workplace();
afterAll(() => place.dispose());

test('Python reads it, whole and unharmed', async () => {
  const long = 'line of a log\n'.repeat(100_000);
  const entries = { 'about.txt': 'Forkscope', 'empty.log': '', 'län–ge.log': long };
  const made = await zip(
    Object.entries(entries).map(([name, text]) => ({ name, data: Buffer.from(text) })),
    new Date(2026, 10, 29, 5, 2, 6),
  );
  expect(made.length).toBeLessThan(long.length / 10);
  const read = execFileSync(
    PYTHON,
    [
      '-c',
      'import json, sys, zipfile\nwith zipfile.ZipFile(sys.argv[1]) as z:\n' +
        '    assert z.testzip() is None\n    print(json.dumps([[i.filename, z.read(i).decode(), i.date_time] for i in z.infolist()]))',
      place.write('logs.zip', made),
    ],
    { encoding: 'utf8', maxBuffer: 2 ** 24 },
  );
  expect(JSON.parse(read)).toEqual(
    Object.entries(entries).map(([name, text]) => [name, text, [2026, 11, 29, 5, 2, 6]]),
  );
});

test('beside the logs stand versions and the settings of Forkscope', () => {
  const text = aboutText({
    extension: '0.1.0',
    editor: 'VS Code 1.100',
    remote: 'wsl',
    settings: { trace: 'verbose' },
  });
  expect(text).toMatch(/^Forkscope 0\.1\.0\nVS Code 1\.100, remote: wsl\n\w+ \w+, Node \d/);
  expect(text).toContain('forkscope.trace: "verbose"');
});
