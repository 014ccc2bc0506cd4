/** package.json, its texts in each language, and the one file that names its contributions. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';

import { FINDING_CODES } from '../../../server/protocol/views';

vi.mock('vscode', () => ({}));
const ids = await import('../../../extension/ids');
// @ts-expect-error A script of the build, without declarations.
const l10n = (await import('../../../scripts/l10n.mjs')) as {
  problems(): Promise<string[]>;
  bundle(language?: string): Record<string, unknown>;
  languages(): string[];
};

const root = join(import.meta.dirname, '../../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

interface Item {
  command: string;
  when?: string;
  group?: string;
}
interface Setting {
  default: unknown;
  scope?: string;
  markdownDescription: string;
  deprecationMessage?: string;
  markdownDeprecationMessage?: string;
}
interface Manifest {
  homepage: string;
  repository: { url: string };
  bugs: { url: string };
  main: string;
  activationEvents?: string[];
  capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; title: string; category: string; enablement?: string }[];
    menus: Record<string, Item[]>;
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    views: Record<string, { id: string; icon: string }[]>;
    viewsWelcome: { view: string; contents: string; when?: string }[];
    configuration: { properties: Record<string, Setting> };
    walkthroughs: { id: string; steps: { media: { svg?: string; markdown?: string } }[] }[];
  };
}
const manifest = JSON.parse(read('package.json')) as Manifest;
const { contributes } = manifest;
const commands = contributes.commands.map((each) => each.command);
const texts = Object.fromEntries(
  readdirSync(root)
    .filter((name) => /^package\.nls(\..+)?\.json$/.test(name))
    .map((name) => [name, JSON.parse(read(name)) as Record<string, string>]),
);

test('the project has one address', () => {
  const { homepage, repository, bugs } = manifest;
  expect([repository.url, bugs.url]).toEqual([`${homepage}.git`, `${homepage}/issues`]);
});

/** Everything in the manifest in the language of `when` clauses. */
const clauses = [
  ...Object.values(contributes.menus).flat(),
  ...contributes.viewsWelcome,
  ...contributes.commands.map((each) => ({ when: each.enablement })),
].flatMap((each) => each.when ?? []);

describe('names', () => {
  test('commands are those of ids.ts, in one category that is not part of the titles', () => {
    expect([...commands].sort()).toEqual(Object.keys(ids.COMMANDS).sort());
    for (const each of contributes.commands) {
      expect(each.category).toBe('Forkscope');
      expect(each.title).toMatch(/^%command\..+%$/);
    }
  });
  test('menus name existing commands', () => {
    for (const item of Object.values(contributes.menus).flat()) {
      expect(commands).toContain(item.command);
    }
  });
  test('views and their container', () => {
    expect(contributes.viewsContainers.activitybar.map((each) => each.id)).toEqual([ids.CONTAINER]);
    expect(contributes.views[ids.CONTAINER]?.map((each) => each.id)).toEqual(Object.values(ids.VIEWS));
    expect(contributes.walkthroughs.map((each) => each.id)).toEqual([ids.WALKTHROUGH]);
  });
  test('settings and their defaults', () => {
    const declared = Object.entries(contributes.configuration.properties)
      .filter(([, each]) => each.markdownDeprecationMessage === undefined)
      .map(([name, each]) => [name.replace(`${ids.SETTINGS_SECTION}.`, ''), each.default]);
    expect(Object.fromEntries(declared)).toEqual(ids.SETTING_DEFAULTS);
  });
  test('deprecated settings are the old names of renamed ones, declared alike, and name their successor', () => {
    const { properties } = contributes.configuration;
    const deprecated = Object.keys(properties).filter((name) => properties[name]?.markdownDeprecationMessage);
    const renamed = Object.entries(ids.OLD_SETTING_NAMES);
    expect(deprecated.sort()).toEqual(renamed.map(([, old]) => `${ids.SETTINGS_SECTION}.${old}`).sort());
    for (const [name, old] of renamed) {
      const setting = properties[`${ids.SETTINGS_SECTION}.${old}`] as Setting;
      const { deprecationMessage = '', markdownDeprecationMessage = '', ...rest } = setting;
      expect(rest).toEqual(properties[`${ids.SETTINGS_SECTION}.${name}`]);
      for (const all of Object.values(texts)) {
        expect(all[deprecationMessage.replaceAll('%', '')]).toContain(`forkscope.${name}`);
        expect(all[markdownDeprecationMessage.replaceAll('%', '')]).toContain(`#forkscope.${name}#`);
      }
    }
  });
  test('the codes that can be muted are exactly those of all findings', () => {
    const muted = contributes.configuration.properties['forkscope.findings.muted'] as unknown as {
      items: { enum: string[] };
    };
    expect(muted.items.enum).toEqual(FINDING_CODES);
  });
  test('when clauses use the contexts of ids.ts, and every context is used', () => {
    const used = new Set(clauses.flatMap((clause) => clause.match(/forkscope\.\w+/g) ?? []));
    const views: string[] = Object.values(ids.VIEWS);
    const contexts = [...used].filter((name) => !views.includes(name));
    expect(contexts.sort()).toEqual(Object.keys(ids.CONTEXTS).sort());
  });
  test('links in welcome texts and walkthroughs run existing commands', () => {
    const known = [...commands, ...Object.values(ids.VIEWS).map((view) => `${view}.focus`)];
    for (const all of Object.values(texts)) {
      for (const [, command = ''] of Object.values(all)
        .join('\n')
        .matchAll(/\(command:([\w.]+)/g)) {
        expect(command.startsWith('workbench.') || known.includes(command), command).toBe(true);
      }
    }
  });
  test('files that are named exist', () => {
    const files = [
      ...contributes.viewsContainers.activitybar.map((each) => each.icon),
      ...Object.values(contributes.views).flatMap((views) => views.map((each) => each.icon)),
      ...contributes.walkthroughs.flatMap((each) => each.steps.map(({ media }) => media.svg ?? media.markdown ?? '')),
    ];
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});

test('a setting that names a program is not read from an untrusted workspace, nor synchronized between machines', () => {
  expect(manifest.capabilities.untrustedWorkspaces.supported).toBe('limited');
  expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toContain('forkscope.python');
  expect(contributes.configuration.properties['forkscope.python']?.scope).toBe('machine-overridable');
});

describe('texts', () => {
  const keys = [...new Set([...read('package.json').matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? ''))].sort();
  test.each(Object.keys(texts))('%s has exactly the keys that package.json uses', (name) => {
    expect(Object.keys(texts[name] ?? {}).sort()).toEqual(keys);
  });
  test.each(Object.keys(texts))('%s leads to the same commands as the English text', (name) => {
    const links = (text = ''): string[] => text.match(/\(command:[\w.]+/g) ?? [];
    for (const key of keys) {
      expect(links(texts[name]?.[key])).toEqual(links(texts['package.nls.json']?.[key]));
    }
  });
  test('the bundles have exactly the strings of the sources', { timeout: 60_000 }, async () => {
    expect(await l10n.problems()).toEqual([]);
  });
  test.each(l10n.languages())('%s keeps the placeholders', (language) => {
    const placeholders = (text: string): string[] => [...new Set(text.match(/\{\d+\}/g) ?? [])].sort();
    const wrong = Object.entries(l10n.bundle(language)).filter(
      ([english, text]) => placeholders(english).join() !== placeholders(String(text)).join(),
    );
    expect(wrong).toEqual([]);
  });
});
