import { beforeEach, describe, expect, test, vi } from 'vitest';

/** The part of the editor that the provider uses. */
const editor = vi.hoisted(() => ({
  trusted: true,
  document: undefined as { languageId: string; isUntitled: boolean } | undefined,
  settings: {} as Record<string, unknown>,
  messages: [] as string[],
  /** Index of the button pressed in the next message. */
  press: undefined as number | undefined,
  commands: [] as unknown[][],
}));

vi.mock('vscode', () => ({
  l10n: { t: (text: string, ...args: unknown[]) => text.replace(/\{(\d)\}/g, (_, n) => String(args[Number(n)])) },
  workspace: {
    get isTrusted() {
      return editor.trusted;
    },
    getConfiguration: (section: string) => ({
      get: (name: string, fallback: unknown) => editor.settings[`${section}.${name}`] ?? fallback,
      inspect: (name: string) => ({ globalValue: editor.settings[`${section}.${name}`] }),
    }),
  },
  window: {
    get activeTextEditor() {
      return editor.document === undefined ? undefined : { document: editor.document };
    },
    showErrorMessage: async (sentence: string, ...buttons: string[]) => {
      editor.messages.push(sentence);
      return editor.press === undefined ? undefined : buttons[editor.press];
    },
  },
  commands: { executeCommand: async (...args: unknown[]) => void editor.commands.push(args) },
}));

const { ConfigurationProvider } = await import('../../../../extension/debug/configuration');

const folder = { uri: { fsPath: '/work space' }, name: 'w', index: 0 } as never;
const python = vi.fn(async () => '/usr/bin/python3');
const provider = new ConfigurationProvider(python);
const resolve = (given: object) => provider.resolveDebugConfiguration(folder, given as never);
const fill = (given: object, where: never | undefined = folder) =>
  provider.resolveDebugConfigurationWithSubstitutedVariables(where, given as never);

beforeEach(() => {
  Object.assign(editor, {
    trusted: true,
    document: undefined,
    settings: {},
    messages: [],
    press: undefined,
    commands: [],
  });
  python.mockReset().mockResolvedValue('/usr/bin/python3');
});

const launch = { type: 'forkscope', request: 'launch', name: 'n' };

describe('F5 without a launch.json', () => {
  test('runs the open Python file', async () => {
    editor.document = { languageId: 'python', isUntitled: false };
    Object.assign(editor.settings, {
      'forkscope.console': 'internalConsole',
      'forkscope.recording.sizeLimitPerProcessMB': 8,
    });
    expect(await resolve({})).toEqual({
      ...launch,
      name: 'Forkscope: Current File',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of VS Code
      program: '${file}',
      console: 'internalConsole',
      recording: { payload: 256, ring: 8 * 1024 * 1024, native: 0 },
    });
  });

  test.each([undefined, { languageId: 'markdown', isUntitled: false }])('rejects %j', async (document) => {
    editor.document = document;
    editor.press = 0;
    expect(await resolve({})).toBeUndefined();
    expect(editor.messages).toEqual(['Open the Python file that Forkscope should run, then start again.']);
    expect(editor.commands).toEqual([['workbench.action.debug.configure']]);
  });

  test('asks for an unsaved file to be saved', async () => {
    editor.document = { languageId: 'python', isUntitled: true };
    editor.press = 0;
    expect(await resolve({})).toBeUndefined();
    expect(editor.commands).toEqual([['workbench.action.files.save']]);
  });
});

describe('a launch configuration', () => {
  test('is rejected in an untrusted workspace', async () => {
    editor.trusted = false;
    editor.press = 0;
    expect(await resolve({ ...launch, program: '/a.py' })).toBeUndefined();
    expect(editor.commands).toEqual([['workbench.trust.manage']]);
  });

  test.each([
    [launch, /neither a "program" nor a "module"/],
    [{ ...launch, request: 'attach', program: '/a.py' }, /cannot attach/],
  ])('%j is rejected with a sentence', async (given, sentence) => {
    expect(await resolve(given)).toBeUndefined();
    expect(editor.messages).toEqual([expect.stringMatching(sentence)]);
    expect(editor.commands).toEqual([]);
  });

  test('keeps its own values', async () => {
    editor.settings['forkscope.console'] = 'internalConsole';
    const given = { ...launch, module: 'm', console: 'externalTerminal', recording: {} };
    expect(await resolve(given)).toEqual(given);
    const full = { ...given, cwd: '/c', python: '/p' };
    expect(await fill(full)).toEqual(full);
    expect(python).not.toHaveBeenCalled();
  });

  test('gets the workspace folder and the interpreter', async () => {
    expect(await fill({ ...launch, program: '/x/a.py' })).toMatchObject({
      cwd: '/work space',
      python: '/usr/bin/python3',
    });
    expect(python).toHaveBeenCalledWith(folder);
  });

  test('gets the folder of the file without a workspace', async () => {
    expect(
      await provider.resolveDebugConfigurationWithSubstitutedVariables(undefined, { ...launch, program: '/x/a.py' }),
    ).toMatchObject({ cwd: '/x' });
  });

  test('is rejected with the reason if there is no interpreter', async () => {
    python.mockRejectedValue(new Error('No Python was found.'));
    editor.press = 0;
    expect(await fill({ ...launch, program: '/x/a.py' })).toBeUndefined();
    expect(editor.messages).toEqual(['No Python was found.']);
    expect(editor.commands).toEqual([['workbench.action.openSettings', 'forkscope.python']]);
  });
});
