/** Composing the extension registers each command that the manifest contributes, once. */
import { expect, test, vi } from 'vitest';

const registered = vi.hoisted(() => [] as string[]);

/** A stand-in for anything: it can be called, constructed, read and passed on, and is not a promise. */
const anything = vi.hoisted(() => {
  const made: object = new Proxy(class {}, {
    get: (_target, name) => {
      if (name === 'then') return undefined;
      if (name === Symbol.iterator) return [][Symbol.iterator];
      if (name === Symbol.toPrimitive) return () => '';
      return name === 'prototype' ? {} : made;
    },
    apply: () => made,
    construct: () => made,
  });
  return made;
});

vi.mock('@vscode/python-extension', () => ({ PythonExtension: anything }));
vi.mock('vscode', () => {
  const commands = {
    registerCommand: (id: string) => {
      registered.push(id);
      return { dispose: () => {} };
    },
    executeCommand: async () => undefined,
  };
  const parts = [
    'window',
    'workspace',
    'debug',
    'languages',
    'env',
    'extensions',
    'l10n',
    'Uri',
    'TreeItem',
    'EventEmitter',
  ];
  const kinds = [
    'ThemeIcon',
    'ThemeColor',
    'Disposable',
    'Range',
    'Position',
    'Selection',
    'MarkdownString',
    'ViewColumn',
  ];
  const more = [
    'TreeItemCollapsibleState',
    'StatusBarAlignment',
    'ProgressLocation',
    'DebugConfigurationProviderTriggerKind',
  ];
  return { ...Object.fromEntries([...parts, ...kinds, ...more].map((name) => [name, anything])), commands };
});

test('every command of the manifest is registered once', async () => {
  const { COMMANDS } = await import('../../../extension/ids');
  const { registerCommands } = await import('../../../extension/commands');
  const { registerFindings } = await import('../../../extension/findings');
  registerCommands(anything as never);
  registerFindings(anything as never);
  const ours = registered.filter((id) => id in COMMANDS);
  expect([...new Set(registered)]).toHaveLength(registered.length);
  expect(ours.sort()).toEqual(Object.keys(COMMANDS).sort());
});
