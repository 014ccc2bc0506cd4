/** Every file of test/source declares its expected findings at their lines; no others are allowed. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkText, SourceFile } from '../../../../server/core/source/check';
import { CHECKS } from '../../../../server/core/source/checks';
import type { SourceFix } from '../../../../server/protocol/source';
import { parser as load } from '../../../unit/core/source/parser';

const folder = join(import.meta.dirname, '../../../source');
const files = readdirSync(folder).filter((name) => name.endsWith('.py'));
const parser = await load();

function expected(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const code = /# .*expect\[([\w-]+)\]/.exec(line)?.[1];
    return code === undefined ? [] : [`${index + 1} ${code}`];
  });
}

function found(text: string, name = 'x.py'): string[] {
  return checkText(parser, text, name).map(({ start, code }) => `${text.slice(0, start).split('\n').length} ${code}`);
}

function applied(text: string, fix: SourceFix): string {
  return [...fix.edits]
    .sort((a, b) => b.start - a.start)
    .reduce((so, { start, end, text: by }) => so.slice(0, start) + by + so.slice(end), text);
}

describe('source checks', () => {
  test.each(files)('%s', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(found(text, name)).toEqual(expected(text));
    if (name.includes('_near')) expect(expected(text)).toEqual([]);
  });

  test('lazy imports of 3.15 are imports', () => {
    const text = readFileSync(join(folder, 'join_before_drain_fault.py'), 'utf8');
    const lazy = text.replace(/^(import|from) /gm, 'lazy $1 ');
    expect(lazy).not.toBe(text);
    expect(expected(text).length).toBeGreaterThan(0);
    expect(found(lazy)).toEqual(expected(text));
  });

  test('every check has a positive and a near-miss program', () => {
    for (const { code } of CHECKS) {
      const stem = code.replaceAll('-', '_');
      expect(files).toContain(`${stem}_fault.py`);
      expect(files).toContain(`${stem}_near.py`);
    }
  });

  test('every fix removes its finding, adds none, and yields Python that compiles', () => {
    const results: string[] = [];
    let fixes = 0;
    for (const name of files) {
      const text = readFileSync(join(folder, name), 'utf8');
      const before = checkText(parser, text, name);
      for (const finding of before) {
        if (finding.fix === undefined) continue;
        fixes++;
        const after = applied(text, finding.fix);
        expect(checkText(parser, after, name).length, `${finding.fix.title} in ${name}`).toBe(before.length - 1);
        results.push(after);
      }
    }
    expect(fixes).toBeGreaterThan(4);
    const run = spawnSync(
      'python3',
      ['-c', 'import json,sys\nfor each in json.load(sys.stdin): compile(each, "x", "exec")'],
      {
        input: JSON.stringify(results),
        encoding: 'utf8',
      },
    );
    expect(run.stderr).toBe('');
  });

  test('the guard encloses everything from the first process on, except the inside of strings', () => {
    const text = readFileSync(join(folder, 'no_main_guard_fault.py'), 'utf8');
    const [finding] = checkText(parser, text, 'a.py');
    expect(applied(text, finding?.fix as SourceFix)).toContain(
      'if __name__ == \'__main__\':\n    main()  # expect[no-main-guard]\n    text = """\nstays where it is\n"""\n    print(text)\n',
    );
  });

  test('a package’s __main__.py needs no guard', () => {
    const text = readFileSync(join(folder, 'no_main_guard_fault.py'), 'utf8');
    expect(found(text, '__main__.py')).toEqual([]);
  });

  test('reparsing after edits gives the same as a full parse', () => {
    const original = readFileSync(join(folder, 'pool_not_closed_fault.py'), 'utf8');
    const file = new SourceFile(parser, 'a.py');
    let text = original;
    file.check(text);
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    for (let turn = 0; turn < 200; turn++) {
      const start = random(text.length + 1);
      const end = Math.min(text.length, start + random(12));
      const by = ['', ' ', '\n', 'pool', '"""', ')', 'é\n    x = 1\n'][random(7)] as string;
      const next = text.slice(0, start) + by + text.slice(end);
      file.edit(start, end, by, text);
      text = next;
      expect(file.check(text)).toEqual(checkText(parser, text, 'a.py'));
    }
    file.forget();
  });

  test('unusual text is handled', () => {
    const strange = [
      `import multiprocessing\nx = ${'('.repeat(20_000)}`,
      `import multiprocessing\nx = ${'['.repeat(3000)}${']'.repeat(3000)}`,
      'import multiprocessing\np = p\nq = multiprocessing.Pool(q)\nq.join()\n',
      'from multiprocessing import *\n\0\ud800\nPool().map(lambda: 0, [])',
      `import multiprocessing\n${'a = a + b\n'.repeat(5000)}`,
      'class P(P): pass\nfrom multiprocessing import Process\nP().start()',
      'import multiprocessing\nxs = [y for y in xs]\nfor y in xs: y.start()\n',
    ];
    for (const each of strange) expect(Array.isArray(checkText(parser, each, 'a.py'))).toBe(true);
  });
});
