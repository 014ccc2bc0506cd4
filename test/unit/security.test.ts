/** What docs/security.md promises and a look at the files can tell. */
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test, vi } from 'vitest';
import { JournalFile } from '../../server/ingest/journal-file';
import { readNotes, readSessionFile } from '../../server/session/folder';
import { sourceAt } from '../../server/session/open';
import { Workplace } from './session/programs';

vi.mock('vscode', () => ({ Uri: { joinPath: (base: string, ...parts: string[]) => [base, ...parts].join('/') } }));

const ROOT = join(__dirname, '../..');
const place = new Workplace();
afterAll(() => place.dispose());
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((each) => /\.(ts|tsx)$/.test(each))
    .map((each) => join(folder, each));
}

test('nothing is installed with the extension: all of it is bundled', () => {
  expect(manifest.dependencies).toBeUndefined();
  expect(manifest.optionalDependencies).toBeUndefined();
});

test('settings that name programs are not for a workspace that is not trusted', () => {
  const settings = manifest.contributes.configuration.properties as Record<string, { scope?: string }>;
  expect(settings['forkscope.python']?.scope).toBe('machine-overridable');
  expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toContain('forkscope.python');
  expect(manifest.capabilities.untrustedWorkspaces.supported).toBe('limited');
});

test("the panel's page allows one script of ours, and nothing from anywhere else", async () => {
  const { panelHtml } = await import('../../extension/panel/html');
  const webview = { cspSource: 'vscode-resource:', asWebviewUri: (uri: string) => `vscode-resource:${uri}` };
  const html = panelHtml(webview as never, 'extension' as never);
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
  const rules = Object.fromEntries(policy.split('; ').map((each) => [each.split(' ')[0], each.split(' ').slice(1)]));
  expect(rules).toEqual({
    'default-src': ["'none'"],
    'style-src': ['vscode-resource:'],
    'font-src': ['vscode-resource:'],
    'script-src': [`'nonce-${nonce}'`],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
  });
  expect(Buffer.from(nonce, 'base64').length).toBeGreaterThanOrEqual(16);
  expect(panelHtml(webview as never, 'extension' as never)).not.toContain(nonce);
  expect(html).not.toMatch(/https?:/);
});

test('the panel makes no HTML of text, evaluates nothing and asks nobody', () => {
  for (const file of sources('media')) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    expect(text, file).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|(?:await|return|=) fetch\(|window\.fetch|XMLHttpRequest|WebSocket|https?:\/\//,
    );
  }
});

test('what reads hostile bytes starts nothing and evaluates nothing', () => {
  for (const file of ['pickle', 'model', 'ingest'].flatMap((each) => sources(join('server', each)))) {
    expect(readFileSync(join(ROOT, file), 'utf8'), file).not.toMatch(
      /child_process|node:vm|node:worker|node:net|node:http|\beval\(|new Function|\brequire\(|\bimport\(/,
    );
  }
});

test('nothing listens on an address that other machines reach', () => {
  for (const file of ['server', 'extension'].flatMap(sources)) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    if (!/node:(net|http|https|dgram|tls)/.test(text)) continue;
    const listens = text.match(/\.listen\(([^)]+)\)/g) ?? [];
    for (const each of listens) expect(each, file).toMatch(/\.listen\((where\b|path\b|0, '127\.0\.0\.1')/);
  }
});

test.runIf(process.platform !== 'win32')(
  'a session folder may hold pipes and links: none is followed or waited for',
  () => {
    const folder = place.path('odd');
    mkdirSync(folder);
    execFileSync('mkfifo', [join(folder, '1-1.fsj'), join(folder, 'session.json'), join(folder, 'note-1.txt')]);
    symlinkSync('/dev/zero', join(folder, '2-2.fsj'));
    expect(() => new JournalFile(join(folder, '1-1.fsj'))).toThrow('no regular file');
    expect(() => new JournalFile(join(folder, '2-2.fsj'))).toThrow();
    expect(() => readSessionFile(folder)).toThrow(/cannot be read/);
    expect(readNotes(folder)).toEqual(['Process 1 was not recorded.']);
    expect(lstatSync(join(folder, '2-2.fsj')).isSymbolicLink()).toBe(true);
  },
);

test.runIf(process.platform !== 'win32')('a recording that never ends is none', async () => {
  await expect(sourceAt('/dev/zero')).rejects.toThrow('no regular file');
  execFileSync('mkfifo', [place.path('pipe.forkscope')]);
  await expect(sourceAt(place.path('pipe.forkscope'))).rejects.toThrow('no regular file');
});

test('much out of little is refused before it is written', async () => {
  const file = place.path('bomb.forkscope');
  writeFileSync(file, gzipSync(Buffer.alloc(64 * 2 ** 20)));
  await expect(sourceAt(file)).rejects.toThrow('it is no Forkscope recording');
});
