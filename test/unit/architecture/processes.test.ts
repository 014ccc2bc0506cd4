/** What test/unit imports starts no process. `noProcesses.ts` refuses what the code under test would start. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesBelow, ROOT } from './files';
import { importsOf, resolveImport } from './imports';

const STARTS = ['node:child_process', 'child_process', 'esbuild'];
/** The guard itself, and the one that asks git for the changed files when a test fails. */
const ALLOWED = ['test/unit/noProcesses.ts', 'test/unit/architecture/prose.ts'];

/** The modules that start processes, of a file and of the test helpers that it imports, as `file -> module`. */
function starters(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file) || ALLOWED.includes(file)) return [];
  seen.add(file);
  return importsOf(file, readFileSync(path.join(ROOT, file), 'utf8')).flatMap((specifier) => {
    if (STARTS.includes(specifier)) return [`${file} -> ${specifier}`];
    const target = specifier.startsWith('.') ? resolveImport(file, specifier) : '';
    return /^test\/.*\.tsx?$/.test(target) ? starters(target, seen) : [];
  });
}

describe('processes of unit tests', () => {
  test('no file in test/unit imports what starts one, itself or through a helper', () => {
    const files = filesBelow('test/unit').filter((file) => /\.tsx?$/.test(file));
    expect(files.length).toBeGreaterThan(80);
    expect(files.flatMap((file) => starters(file))).toEqual([]);
  });

  test('an import through a helper is found', () => {
    expect(starters('test/integration/cli/left.test.ts')).toContain(
      'test/integration/engine/session/programs.ts -> node:child_process',
    );
  });

  test('a start at run time is refused', () => {
    const { execFileSync } = process.getBuiltinModule('node:child_process');
    expect(() => execFileSync(process.execPath, ['--version'])).toThrow('test/integration');
  });
});
