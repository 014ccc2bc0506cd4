// Updates l10n/bundle.l10n.json from the strings in the sources. `--check` instead reports differences, and strings
// that the other languages lack or no longer need.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { getL10nJson } = createRequire(import.meta.url)('@vscode/l10n-dev');
const ENGLISH = 'bundle.l10n.json';

function sources(folder, suffixes) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => suffixes.includes(extname(name)) && !name.endsWith('.d.ts'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));
}

/** The strings of extension and server (`l10n.t`), and of the panel (`t`), sorted. */
export async function extract() {
  const files = ['extension', 'server'].flatMap((folder) => sources(folder, ['.ts']));
  const found = await getL10nJson(files.map((contents) => ({ extension: '.ts', contents })));
  for (const text of sources('media/panel', ['.ts', '.tsx'])) {
    for (const [, quote, body] of text.matchAll(/\bt\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gs)) {
      const key = body.replace(/\\(.)/g, '$1');
      if (quote === '`') throw new Error(`A template cannot be translated: ${body}`);
      found[key] ??= key;
    }
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function bundle(language) {
  const name = language === undefined ? ENGLISH : `bundle.l10n.${language}.json`;
  return JSON.parse(readFileSync(join(root, 'l10n', name), 'utf8'));
}

export const languages = () =>
  readdirSync(join(root, 'l10n')).flatMap((name) => /^bundle\.l10n\.(.+)\.json$/.exec(name)?.[1] ?? []);

/** The problems, one sentence each. */
export async function problems() {
  const wanted = await extract();
  const differ = (name, has) => [
    ...Object.keys(wanted)
      .filter((key) => !(key in has))
      .map((key) => `${name} lacks ${JSON.stringify(key)}`),
    ...Object.keys(has)
      .filter((key) => !(key in wanted))
      .map((key) => `${name} has ${JSON.stringify(key)}, which nothing uses`),
  ];
  return [
    ...differ(ENGLISH, bundle()),
    ...languages().flatMap((language) => differ(`bundle.l10n.${language}.json`, bundle(language))),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(join(root, 'l10n', ENGLISH), `${JSON.stringify(await extract(), null, 2)}\n`);
  }
  const found = await problems();
  if (found.length > 0) console.error(found.join('\n'));
  process.exitCode = found.length > 0 ? 1 : 0;
}
