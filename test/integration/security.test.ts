/** The promises of docs/security.md that can be checked in the files. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  createWriteStream,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, expect, test, vi } from 'vitest';
import { LineListener } from '../../server/debug/debugpy/listener';
import { JournalFile } from '../../server/engine/journal/journalFile';
import { readNotes, readSessionFile } from '../../server/engine/session/folder';
import { sourceAt } from '../../server/engine/session/open';
import { commandLink, escaped, lineLink } from '../../server/lsp/language/markdown';
import { Workplace } from '../shared/workplace';

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

test('the extension installs nothing: everything is bundled', () => {
  expect(manifest.dependencies).toBeUndefined();
  expect(manifest.optionalDependencies).toBeUndefined();
});

test('settings that name programs have no effect in an untrusted workspace', () => {
  const settings = manifest.contributes.configuration.properties as Record<string, { scope?: string }>;
  expect(settings['forkscope.python']?.scope).toBe('machine-overridable');
  expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.sort()).toEqual([
    'forkscope.console',
    'forkscope.python',
  ]);
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

test('links in hover texts run only commands that show something', async () => {
  const { LINKED_COMMANDS } = await import('../../extension/views/tooltips');
  const shows = /^forkscope\.(goTo\w+Line|show\w*)$/;
  for (const each of LINKED_COMMANDS) expect(each).toMatch(shows);
  const trusting = sources('extension').flatMap(
    (file) => readFileSync(join(ROOT, file), 'utf8').match(/\bisTrusted(?: =|:) .*/g) ?? [],
  );
  expect(trusting.sort()).toEqual([
    'isTrusted = { enabledCommands: [...this.source.linkedCommands] };',
    'isTrusted: { enabledCommands: [SHOW] } },',
  ]);
});

test('names and messages in hovers of the source are plain text, also in our links', () => {
  const hostile = '[x](command:evil) ![p](http://e) <b> $(zap) | `c`';
  expect(escaped(hostile)).not.toMatch(/(^|[^\\])[[\]()!<>|`$]/);
  expect(commandLink('l', 'c', { sessionId: `a) ${hostile}` })).toMatch(/^\[l\]\(command:c\?[^\s()<>[\]]*\)$/);
  const line = lineLink({ file: { path: `/tmp/${hostile}.py` }, line: 0 } as never);
  expect(line).toMatch(/^\[(?:\\.|[^[\]()\\])*\]\(file:[^\s()<>[\]]*\)$/);
});

test('saving a recording states its contents', () => {
  const text = readFileSync(join(ROOT, 'extension/commands/sessions.ts'), 'utf8');
  expect(text).toContain('It includes message contents; check for secrets before sharing.');
});

test('the panel creates no HTML from text, evaluates nothing and opens no connection', () => {
  for (const file of sources('media')) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    expect(text, file).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|(?:await|return|=) fetch\(|window\.fetch|XMLHttpRequest|WebSocket|https?:\/\//,
    );
  }
});

test('the code that reads hostile bytes starts nothing and evaluates nothing', () => {
  for (const file of ['core', 'engine/journal'].flatMap((each) => sources(join('server', each)))) {
    expect(readFileSync(join(ROOT, file), 'utf8'), file).not.toMatch(
      /child_process|node:vm|node:worker|node:net|node:http|\beval\(|new Function|\brequire\(['"`]|\bimport\(/,
    );
  }
});

test('all output to a terminal goes through one function', () => {
  for (const file of sources('server')) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const written = text.match(/\bstd(?:out|err)\.write\([^;]*/g) ?? [];
    // The printer and the formats of the check write escaped text; the summary holds numbers only.
    for (const each of written)
      expect(each, file).toMatch(/write\((?:plainLines\(|summary\(|text\)|output, |`\$\{line\}\\n`|\s*options\.json)/);
    expect(text, file).not.toMatch(/(?<!connection\.)\bconsole\.(?:log|error|warn|info|debug)\(/);
    for (const each of text.match(/new OutputEvent\([^,]*|output: [^A-Z,\n][^,\n]*/g) ?? [])
      if (file.includes('/dap/')) expect(each, file).toMatch(/plainLines\(|new OutputEvent\(text/);
  }
});

test("VS Code's server, where we start it, requires a token that appears on no command line", () => {
  const starting = readdirSync(join(ROOT, 'scripts'), { recursive: true, encoding: 'utf8' })
    .filter((each) => each.endsWith('.mjs'))
    .map((each) => readFileSync(join(ROOT, 'scripts', each), 'utf8'));
  const flags = starting.flatMap((text) => text.match(/--[\w-]*connection-token[\w-]*/g) ?? []);
  expect(flags).toEqual(['--connection-token-file']);
  for (const text of starting) expect(text).not.toMatch(/spawn\(opener, \[address/);
});

test('nothing listens on an address reachable from other machines', () => {
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
    writeFileSync(place.path('elsewhere.fsj'), Buffer.alloc(4096));
    symlinkSync(place.path('elsewhere.fsj'), join(folder, '3-3.fsj'));
    expect(() => new JournalFile(join(folder, '3-3.fsj'))).toThrow('ELOOP');
    expect(() => readSessionFile(folder)).toThrow(/cannot be read \(it is no regular file\)/);
    expect(readNotes(folder)).toEqual(['Process 1 was not recorded.']);
    expect(lstatSync(join(folder, '2-2.fsj')).isSymbolicLink()).toBe(true);
    const linked = place.path('linked');
    mkdirSync(linked);
    writeFileSync(place.path('elsewhere.json'), JSON.stringify({ format: 'forkscope-session', version: 1 }));
    symlinkSync(place.path('elsewhere.json'), join(linked, 'session.json'));
    expect(() => readSessionFile(linked)).toThrow(/cannot be read/);
  },
);

test.runIf(process.platform !== 'win32')('a recording that never ends is none', async () => {
  await expect(sourceAt('/dev/zero')).rejects.toThrow('no regular file');
  execFileSync('mkfifo', [place.path('pipe.forkscope')]);
  await expect(sourceAt(place.path('pipe.forkscope'))).rejects.toThrow('no regular file');
});

test('amplification is rejected before it is written', async () => {
  const file = place.path('bomb.forkscope');
  writeFileSync(file, gzipSync(Buffer.alloc(64 * 2 ** 20)));
  await expect(sourceAt(file)).rejects.toThrow('it is no Forkscope recording');
});

test('a recording that expands enormously is rejected early and leaves nothing behind', async () => {
  const length = 400 * 2 ** 20;
  const file = place.path('expands.forkscope');
  const archive = pack();
  const packing = pipeline(archive, createGzip(), createWriteStream(file));
  const index = {
    format: 'forkscope-recording',
    version: 1,
    ended: {},
    alive: [],
    hangs: [],
    journals: { '1-1.fsj': [[0, length]] },
  };
  archive.entry({ name: 'recording.json' }, JSON.stringify(index));
  const journal = archive.entry({ name: '1-1.fsj', size: length });
  const zeros = Buffer.alloc(2 ** 20);
  for (let n = 0; n < length; n += zeros.length)
    if (!journal.write(zeros)) await new Promise<void>((resolve) => journal.once('drain', () => resolve()));
  journal.end(null);
  archive.finalize();
  await packing;
  // A separate folder: concurrent tests unpack recordings too.
  const temporary = place.path('temporary');
  mkdirSync(temporary);
  vi.stubEnv('TMPDIR', temporary);
  expect(tmpdir()).toBe(temporary);
  await expect(sourceAt(file)).rejects.toThrow('it expands to more than 300 times its size');
  vi.unstubAllEnvs();
  expect(readdirSync(temporary)).toEqual([]);
});

test.runIf(process.platform !== 'win32')(
  "a session folder that is a link, open to others, or another user's is not written into",
  () => {
    const made = (name: string, mode: number): string => {
      mkdirSync(place.path(name));
      chmodSync(place.path(name), mode);
      return place.path(name);
    };
    const own = made('own', 0o700);
    const link = place.path('link');
    symlinkSync(own, link);
    const open = made('open', 0o777);
    const others = made('others', 0o700);
    const root = process.getuid?.() === 0;
    if (root) chownSync(others, 4711, 4711);
    const run = (folder: string) =>
      execFileSync('python3', ['-c', 'import os; os.getpid(); print("as ever")'], {
        env: { ...process.env, PYTHONPATH: join(ROOT, 'server/runtime/inject'), FORKSCOPE_SESSION: folder },
        encoding: 'utf8',
      });
    for (const folder of [link, open, ...(root ? [others] : [])]) {
      expect(run(folder)).toBe('as ever\n');
      expect(readdirSync(folder), folder).toEqual([]);
    }
    expect(run(own)).toBe('as ever\n');
    expect(readdirSync(own).filter((each) => each.endsWith('.fsj')).length).toBe(1);
  },
);

test.runIf(process.platform === 'linux')(
  "the line debugger's port is on the loopback address, as the kernel sees it",
  async () => {
    const folder = place.path('ports');
    mkdirSync(folder);
    const listener = await LineListener.open(folder, '/nowhere/debugpy', () => {});
    const { port } = JSON.parse(readFileSync(join(folder, 'lines.json'), 'utf8')) as { port: number };
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    const at = ['tcp', 'tcp6'].flatMap((each) =>
      readFileSync(`/proc/net/${each}`, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/)),
    );
    const addresses = at
      .filter(([, address, , state]) => state === '0A' && address?.endsWith(`:${hex}`))
      .map(([, address]) => address);
    listener.dispose();
    expect(addresses).toEqual([`0100007F:${hex}`]);
    expect(existsSync(join(folder, 'lines.json'))).toBe(false);
  },
);
