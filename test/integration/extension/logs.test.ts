/** Collecting logs: before anything was logged, and the archive. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { aboutText } from '../../../extension/logs/about';
import { zip } from '../../../extension/logs/zip';
import { Workplace } from '../../shared/workplace';
import { PYTHON } from '../engine/session/programs';

interface Uri {
  readonly fsPath: string;
}
/** The part of the editor that collecting uses: what was shown, and what the user chooses. */
const editor = vi.hoisted(() => ({
  shown: [] as string[],
  choice: undefined as string | undefined,
  settings: { trace: 'off', python: '/usr/bin/python3' } as Record<string, unknown>,
  target: undefined as Uri | undefined,
  commands: new Map<string, () => Promise<void>>(),
}));
vi.mock('vscode', () => {
  const show = async (text: string, ...rest: unknown[]): Promise<string | undefined> => {
    editor.shown.push(
      [text, ...rest.map((each) => (typeof each === 'string' ? `[${each}]` : JSON.stringify(each)))].join(' '),
    );
    return rest.find((each) => each === editor.choice) as string | undefined;
  };
  return {
    version: '1.100.0',
    env: { appName: 'Some Editor', remoteName: undefined },
    l10n: {
      t: (text: string, ...args: unknown[]) => text.replace(/\{(\d)\}/g, (_all, n: string) => String(args[Number(n)])),
    },
    FileType: { File: 1 },
    ConfigurationTarget: { Global: 1 },
    Disposable: { from: () => ({ dispose: () => {} }) },
    Uri: {
      file: (fsPath: string) => ({ fsPath }),
      joinPath: ({ fsPath }: Uri, name: string) => ({ fsPath: join(fsPath, name) }),
    },
    commands: { registerCommand: (id: string, run: () => Promise<void>) => editor.commands.set(id, run) },
    window: {
      showInformationMessage: show,
      showErrorMessage: show,
      showSaveDialog: async () => editor.target,
    },
    workspace: {
      workspaceFolders: undefined,
      onDidChangeConfiguration: () => {},
      getConfiguration: () => ({
        get: (name: string, otherwise: unknown) => editor.settings[name] ?? otherwise,
        inspect: () => undefined,
        update: async (name: string, value: unknown) => {
          editor.settings[name] = value;
        },
      }),
      fs: {
        readDirectory: async ({ fsPath }: Uri) => readdirSync(fsPath).map((name) => [name, 1]),
        readFile: async ({ fsPath }: Uri) => readFileSync(fsPath),
        writeFile: async ({ fsPath }: Uri, bytes: Uint8Array) => writeFileSync(fsPath, bytes),
      },
    },
  };
});

const place = new Workplace();
afterAll(() => place.dispose());

function unpacked(file: string): [name: string, text: string, time: number[]][] {
  const code =
    'import json, sys, zipfile\nwith zipfile.ZipFile(sys.argv[1]) as z:\n    assert z.testzip() is None\n' +
    '    print(json.dumps([[i.filename, z.read(i).decode(), i.date_time] for i in z.infolist()]))';
  return JSON.parse(execFileSync(PYTHON, ['-c', code, file], { encoding: 'utf8', maxBuffer: 2 ** 24 }));
}

test('Python reads the archive, complete and valid', async () => {
  const long = 'line of a log\n'.repeat(100_000);
  const entries = { 'about.txt': 'Forkscope', 'empty.log': '', 'län–ge.log': long };
  const made = await zip(
    Object.entries(entries).map(([name, text]) => ({ name, data: Buffer.from(text) })),
    new Date(2026, 10, 29, 5, 2, 6),
  );
  expect(made.length).toBeLessThan(long.length / 10);
  const time = [2026, 11, 29, 5, 2, 6];
  expect(unpacked(place.write('logs.zip', made))).toEqual(
    Object.entries(entries).map(([name, text]) => [name, text, time]),
  );
});

test("the archive contains versions and Forkscope's settings next to the logs", () => {
  const text = aboutText({
    extension: '0.1.0',
    editor: 'VS Code 1.100',
    remote: 'wsl',
    settings: { trace: 'verbose' },
  });
  expect(text).toMatch(/^Forkscope 0\.1\.0\nVS Code 1\.100, remote: wsl\n\w+ \w+, Node \d/);
  expect(text).toContain('forkscope.trace: "verbose"');
});

describe('the command', () => {
  let folder = '';
  let number = 0;
  beforeEach(async () => {
    number += 1;
    folder = place.path(`logs${number}`);
    Object.assign(editor, { shown: [], choice: undefined, target: undefined });
    editor.settings['trace'] = 'off';
    const { registerLogs } = await import('../../../extension/logs');
    const extension = { packageJSON: { version: '0.1.0' } };
    registerLogs({ logUri: { fsPath: folder }, extension } as never, { setTrace: () => {} });
  });
  const collect = async (): Promise<void> => editor.commands.get('forkscope.collectLogs')?.();

  test('nothing was logged: how to get a log, with a button that switches it on', async () => {
    editor.choice = 'Turn On Logging';
    await collect();
    expect(editor.shown).toEqual([
      'Nothing was logged yet. Turn on forkscope.trace, do again what went wrong, then collect the logs. [Turn On Logging]',
    ]);
    expect(editor.settings['trace']).toBe('verbose');
    // The output channel's file alone is not useful.
    mkdirSync(folder);
    writeFileSync(join(folder, 'Forkscope.log'), 'started');
    await collect();
    expect(editor.shown[1]).toBe('Nothing was logged yet. Do again what went wrong, then collect the logs.');
  });

  test('the contents are listed first; nothing is written without consent and a destination', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'language-server-1.log'), 'forkscope log 1\n');
    writeFileSync(join(folder, 'Forkscope.log'), 'started\n');
    writeFileSync(join(folder, 'other.bin'), 'x');
    await collect();
    expect(editor.shown).toHaveLength(1);
    expect(editor.shown[0]).toMatch(
      /Collect the logs.*"modal":true.*Not in it: contents of messages.*\[Choose Where to Save…\]/,
    );
    editor.choice = 'Choose Where to Save…';
    await collect();
    expect(editor.shown).toHaveLength(2);
    editor.target = { fsPath: place.path('all.zip') };
    await collect();
    expect(editor.shown.at(-1)).toBe(`Saved ${place.path('all.zip')}. Check its contents before sharing.`);
    const all = unpacked(place.path('all.zip'));
    expect(all.map(([name]) => name)).toEqual(['about.txt', 'Forkscope.log', 'language-server-1.log']);
    expect(all[0]?.[1]).toContain('Some Editor 1.100.0');
    expect(all[0]?.[1]).toContain('forkscope.python: "/usr/bin/python3"');
    expect(all.slice(1).map(([, text]) => text)).toEqual(['started\n', 'forkscope log 1\n']);
    editor.target = { fsPath: place.path('nowhere/all.zip') };
    await collect();
    expect(editor.shown.at(-1)).toMatch(/^The logs could not be saved: ENOENT/);
  });
});
