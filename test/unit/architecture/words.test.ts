/** The project's text uses the field's words: see words.ts. */
import { describe, expect, test } from 'vitest';
import { changedFiles, type Hit, hitsOf, proseFiles } from './prose';
import { WORD_DEBTS, WORDS } from './words';

/** The debt that counts for a file: that of the longest path that fits. */
function debtOf(file: string): string {
  const fitting = Object.keys(WORD_DEBTS).filter((each) => file === each || file.startsWith(`${each}/`));
  return fitting.sort((a, b) => b.length - a.length)[0] ?? file;
}

function lines(hits: readonly Hit[]): string[] {
  return hits.map(({ file, line, found, instead }) => `  ${file}:${line}: "${found}": write ${instead}`);
}

describe('where prose is looked for', () => {
  const found = (file: string, source: string): string[] =>
    hitsOf([{ pattern: 'nobody', instead: 'nothing' }], file, source).map(({ line }) => String(line));

  test('comments, sentences, elements of TypeScript, and no names', () => {
    const source =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
      '// “…” nobody\nconst nobody = "nobody";\nf("for nobody", `${nobody} is nobody`);\nconst a = <p>nobody here</p>;\n/**\n * Nobody.\n */';
    expect(found('a.tsx', source)).toEqual(['1', '6', '3', '3', '4']);
  });
  test('comments, docstrings, sentences and test names of Python', () => {
    const source =
      'nobody = 1  # nobody\nnobody("nobody", \'it\\\'s nobody\')\n"""\nNobody."""\ndef test_of_nobody(): pass\n';
    expect(found('a.py', source)).toEqual(['1', '2', '4', '5']);
  });
  test('comments and sentences of C', () => {
    expect(found('a.h', 'int nobody; // nobody\n/* a\n nobody */\nchar *a = "for nobody";')).toEqual(['1', '3', '4']);
  });
  test('Markdown without its code', () => {
    expect(found('a.md', 'Nobody, `nobody`.\n\n    nobody\n\n```\nnobody\n```\n- nobody\n')).toEqual(['1', '8']);
  });
  test('texts of the manifest, pictures and forms', () => {
    expect(found('package.nls.json', '{\n"nobody": "for nobody"\n}')).toEqual(['2']);
    expect(found('a.svg', '<text id="nobody">nobody</text>')).toEqual(['1']);
    expect(found('a.yml', 'label: nobody')).toEqual(['1']);
  });
});

test('the words of the list are in no more places than the debts allow', { timeout: 60_000 }, () => {
  const asked = process.env['FORKSCOPE_WORDS'];
  const files = proseFiles();
  expect(files.length).toBeGreaterThan(500);
  const hits = new Map<string, Hit[]>();
  for (const hit of files.flatMap((file) => hitsOf(WORDS, file))) {
    const place = debtOf(hit.file);
    hits.set(place, [...(hits.get(place) ?? []), hit]);
  }
  const failures: string[] = [];
  const smaller: string[] = [];
  for (const place of new Set([...hits.keys(), ...Object.keys(WORD_DEBTS)])) {
    const here = hits.get(place) ?? [];
    const allowed = WORD_DEBTS[place] ?? 0;
    if (here.length > allowed) {
      const changed = changedFiles();
      const suspects = here.filter(({ file }) => changed.has(file));
      const shown = lines(suspects.length > 0 ? suspects : here);
      failures.push(
        `${place}: ${here.length}, ${allowed} allowed${suspects.length > 0 ? '; in the changed files' : ''}:`,
        ...shown,
      );
    } else if (here.length < allowed) {
      smaller.push(`  '${place}': ${here.length},`);
    }
    if (asked === place) failures.push(`All of ${place}:`, ...lines(here));
  }
  if (smaller.length > 0) console.warn(`Debts in words.ts that can be lowered:\n${smaller.join('\n')}`);
  expect(failures.join('\n')).toBe('');
});
