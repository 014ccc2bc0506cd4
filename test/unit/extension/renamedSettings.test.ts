/** Renamed settings: the old name keeps its effect, and its value moves to the new one where it is set. */
import { beforeEach, describe, expect, test, vi } from 'vitest';

type Scope = 'globalValue' | 'workspaceValue' | 'workspaceFolderValue';
interface Folder {
  readonly uri: string;
}

/** The settings of each scope, those of a folder by its URI, and the editor's state of the workspace. */
const editor = vi.hoisted(() => ({
  settings: {} as Record<string, Record<string, unknown>>,
  folders: [] as { uri: string }[],
  multiRoot: false,
  /** Scopes whose settings cannot be written. */
  readOnly: [] as string[],
  listeners: [] as ((event: { affectsConfiguration(name: string): boolean }) => void)[],
}));

vi.mock('vscode', () => {
  const targets = { Global: 1, Workspace: 2, WorkspaceFolder: 3 };
  const configuration = (_section: string, folder?: string | null) => {
    const places: Record<Scope, string> = {
      globalValue: 'user',
      workspaceValue: 'workspace',
      workspaceFolderValue: folder ?? 'none',
    };
    const inspect = (name: string) =>
      Object.fromEntries(Object.entries(places).map(([scope, place]) => [scope, editor.settings[place]?.[name]]));
    return {
      inspect,
      get: (name: string, fallback: unknown) =>
        Object.values(inspect(name)).findLast((each) => each !== undefined) ?? fallback,
      update: async (name: string, value: unknown, target: number) => {
        const place = [places.globalValue, places.workspaceValue, places.workspaceFolderValue][target - 1] ?? '';
        if (editor.readOnly.includes(place)) throw new Error(`${place} is read-only`);
        const settings = { ...editor.settings[place], [name]: value };
        if (value === undefined) delete settings[name];
        editor.settings[place] = settings;
      },
    };
  };
  return {
    ConfigurationTarget: targets,
    workspace: {
      get workspaceFolders(): Folder[] | undefined {
        return editor.folders.length > 0 ? editor.folders : undefined;
      },
      get workspaceFile() {
        return editor.multiRoot ? 'all.code-workspace' : undefined;
      },
      getConfiguration: configuration,
      onDidChangeConfiguration: (listener: (typeof editor.listeners)[number]) => editor.listeners.push(listener),
    },
  };
});

const { onDidChangeSetting, setting } = await import('../../../extension/ids');
const { migrateSettings } = await import('../../../extension/renamedSettings');

class Memory {
  private readonly values = new Map<string, unknown>();
  get = (key: string): unknown => this.values.get(key);
  update = async (key: string, value: unknown): Promise<void> => void this.values.set(key, value);
}
let memories = { globalState: new Memory(), workspaceState: new Memory() };
const migrated = (): Promise<string[]> => migrateSettings(memories as never);

beforeEach(() => {
  Object.assign(editor, { settings: {}, folders: [], multiRoot: false, readOnly: [], listeners: [] });
  memories = { globalState: new Memory(), workspaceState: new Memory() };
});

describe('reading', () => {
  const limit = (folder?: string): number => setting('recording.sizeLimitPerProcessMB', folder as never);
  test('the default, if neither name is set', () => {
    expect(limit()).toBe(256);
    expect(setting('showInternalChannels')).toBe(false);
  });
  test('the old name, if only it is set', () => {
    editor.settings['user'] = { journalLimitMB: 8, showLibraryChannels: true };
    expect(limit()).toBe(8);
    expect(setting('showInternalChannels')).toBe(true);
  });
  test('the new name, if one scope sets both', () => {
    editor.settings['user'] = { journalLimitMB: 8, 'recording.sizeLimitPerProcessMB': 16 };
    expect(limit()).toBe(16);
  });
  test('the narrowest scope, by either name', () => {
    editor.settings = {
      user: { 'recording.sizeLimitPerProcessMB': 16, showInternalChannels: true },
      workspace: { journalLimitMB: 8, showLibraryChannels: false },
      'file:a': { 'recording.sizeLimitPerProcessMB': 4 },
    };
    expect(limit()).toBe(8);
    expect(limit('file:a')).toBe(4);
    expect(setting('showInternalChannels')).toBe(false);
  });
  test('a change of either name is a change of the setting', () => {
    const listener = vi.fn();
    onDidChangeSetting('showInternalChannels', listener);
    for (const changed of ['showInternalChannels', 'showLibraryChannels', 'console'])
      for (const each of editor.listeners) each({ affectsConfiguration: (name) => name === `forkscope.${changed}` });
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

describe('migration', () => {
  test('moves each value in the scope where it is set', async () => {
    Object.assign(editor, { folders: [{ uri: 'file:a' }, { uri: 'file:b' }], multiRoot: true });
    editor.settings = {
      user: { journalLimitMB: 8, console: 'externalTerminal' },
      workspace: { showLibraryChannels: true },
      'file:a': { journalLimitMB: 4 },
      'file:b': { journalLimitMB: 2 },
    };
    expect(await migrated()).toEqual([]);
    expect(editor.settings).toEqual({
      user: { 'recording.sizeLimitPerProcessMB': 8, console: 'externalTerminal' },
      workspace: { showInternalChannels: true },
      'file:a': { 'recording.sizeLimitPerProcessMB': 4 },
      'file:b': { 'recording.sizeLimitPerProcessMB': 2 },
    });
  });
  test('keeps a value already set under the new name', async () => {
    editor.settings['user'] = { journalLimitMB: 8, 'recording.sizeLimitPerProcessMB': 16 };
    await migrated();
    expect(editor.settings['user']).toEqual({ 'recording.sizeLimitPerProcessMB': 16 });
  });
  test('happens once per scope: an old name set again stays, and keeps its effect', async () => {
    editor.folders = [{ uri: 'file:a' }];
    editor.settings['workspace'] = { journalLimitMB: 8 };
    await migrated();
    editor.settings['workspace'] = { journalLimitMB: 4 };
    await migrated();
    expect(editor.settings['workspace']).toEqual({ journalLimitMB: 4 });
    expect(setting('recording.sizeLimitPerProcessMB')).toBe(4);
  });
  test('a later workspace is migrated separately', async () => {
    editor.folders = [{ uri: 'file:a' }];
    editor.settings['workspace'] = { journalLimitMB: 8 };
    await migrated();
    memories = { ...memories, workspaceState: new Memory() };
    editor.settings['workspace'] = { journalLimitMB: 4 };
    await migrated();
    expect(editor.settings['workspace']).toEqual({ 'recording.sizeLimitPerProcessMB': 4 });
  });
  test('settings that cannot be written are reported, keep their effect, and are retried', async () => {
    editor.settings['user'] = { journalLimitMB: 8, showLibraryChannels: true };
    editor.readOnly = ['user'];
    expect(await migrated()).toEqual([
      'forkscope.journalLimitMB was not renamed: Error: user is read-only',
      'forkscope.showLibraryChannels was not renamed: Error: user is read-only',
    ]);
    expect(setting('recording.sizeLimitPerProcessMB')).toBe(8);
    editor.readOnly = [];
    expect(await migrated()).toEqual([]);
    expect(editor.settings['user']).toEqual({ 'recording.sizeLimitPerProcessMB': 8, showInternalChannels: true });
  });
  test('without settings nothing is written', async () => {
    editor.folders = [{ uri: 'file:a' }];
    await migrated();
    expect(editor.settings).toEqual({});
  });
});
