import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const REGISTRY = 'server/runtime/forkscope_runtime/libraries/';
const GENERATED = ['server/protocol/libraries.ts', 'server/runtime/forkscope_runtime/vocabulary.py'];

interface Declared {
  readonly name: string;
  readonly attributes: { readonly packages: readonly string[]; readonly typed_families: readonly string[] };
}

const { declaredLibraries } = (await import(join(ROOT, 'scripts/lib/libraries.mjs'))) as {
  declaredLibraries(root: string): Promise<Declared[]>;
};

/** Sources of server and extension, comments included, by path from the root. */
function sources(): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of ['server', 'extension', 'media']) {
    for (const each of readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      const path = relative(ROOT, join(each.parentPath, each.name)).replaceAll('\\', '/');
      if (!each.isFile() || !/\.(ts|tsx|py|json|[ch])$/.test(path)) continue;
      if (!path.startsWith(REGISTRY) && !GENERATED.includes(path))
        found.set(path, readFileSync(join(ROOT, path), 'utf8'));
    }
  }
  return found;
}

test('facts about a library are in its module only', async () => {
  const libraries = await declaredLibraries(ROOT);
  const names = new Set(
    libraries.flatMap(({ name, attributes }) => [
      ...(name === 'standard' ? [] : [name]),
      ...[...attributes.packages, ...attributes.typed_families].map((each) => each.split('.')[0] as string),
    ]),
  );
  names.delete('multiprocessing');
  expect([...names]).toEqual(expect.arrayContaining(['billiard', 'celery', 'joblib', 'loky', 'multiprocess', 'torch']));
  const pattern = new RegExp(`\\b(${[...names].join('|')})\\b`, 'i');
  expect(pattern.test('# as Billiard does')).toBe(true);
  const all = sources();
  expect(all.size).toBeGreaterThan(200);
  const named = [...all].flatMap(([path, text]) => {
    const match = pattern.exec(text);
    return match === null ? [] : [`${path}: ${match[0]}`];
  });
  expect(named).toEqual([]);
});
