/** Who may import whom, as docs/architecture.md shows it. What is not listed here is refused. */
export interface Room {
  /** Its files: those under this path, unless a longer path of another room fits. */
  readonly at: string;
  /** Rooms that its files may import; its own files always. */
  readonly rooms: readonly string[];
  /** Packages and parts of the platform; a pattern ends with `*`. */
  readonly packages: readonly string[];
}

const CORE = ['server/protocol', 'server/shared', 'server/pickle', 'server/source', 'server/model', 'server/findings'];
const ENGINE = [
  ...CORE,
  'server/control',
  'server/files',
  'server/log',
  'server/ingest',
  'server/session',
  'server/stops',
  'server/lines',
];
const FACES = ['server/lsp', 'server/lsp/language', 'server/dap', 'server/cli'];
const ENTRIES = [
  'server/main.ts',
  'server/command.ts',
  'server/compose.ts',
  'server/launching.ts',
  'server/survive.ts',
];
const LANGUAGE_SERVER = ['vscode-languageserver/node', 'vscode-languageserver-textdocument', 'web-tree-sitter'];
const DEBUG_ADAPTER = ['@vscode/debugadapter*', '@vscode/debugprotocol'];

function entry(at: string): Room {
  return {
    at,
    rooms: [...ENGINE, ...FACES, ...ENTRIES],
    packages: ['node:*', '@vscode/l10n', ...LANGUAGE_SERVER],
  };
}

export const ROOMS: readonly Room[] = [
  { at: 'server/protocol', rooms: [], packages: ['@vscode/l10n', 'vscode-jsonrpc', 'vscode-messenger-common'] },
  { at: 'server/shared', rooms: ['server/protocol'], packages: ['@vscode/l10n'] },
  { at: 'server/pickle', rooms: ['server/protocol'], packages: [] },
  { at: 'server/source', rooms: ['server/protocol'], packages: ['web-tree-sitter', '@vscode/l10n'] },
  { at: 'server/model', rooms: ['server/protocol', 'server/shared'], packages: ['@vscode/l10n', 'node:path'] },
  { at: 'server/findings', rooms: ['server/protocol', 'server/model'], packages: ['node:crypto'] },
  { at: 'server/control', rooms: ['server/protocol'], packages: ['node:*'] },
  { at: 'server/files', rooms: ['server/protocol'], packages: ['node:*'] },
  { at: 'server/log', rooms: ['server/protocol', 'server/files'], packages: ['node:*'] },
  {
    at: 'server/ingest',
    rooms: ['server/protocol', 'server/model', 'server/files', 'server/log'],
    packages: ['node:*'],
  },
  {
    at: 'server/session',
    rooms: [
      'server/protocol',
      'server/model',
      'server/findings',
      'server/ingest',
      'server/pickle',
      'server/control',
      'server/files',
      'server/log',
    ],
    packages: ['node:*', 'tar-stream'],
  },
  { at: 'server/stops', rooms: ['server/protocol', 'server/control', 'server/log'], packages: ['node:*'] },
  { at: 'server/lines', rooms: ['server/protocol', 'server/control', 'server/log'], packages: ['node:*'] },
  {
    at: 'server/lsp',
    rooms: [...ENGINE, 'server/lsp/language'],
    packages: ['node:*', '@vscode/l10n', ...LANGUAGE_SERVER],
  },
  { at: 'server/lsp/language', rooms: ENGINE, packages: ['node:*', '@vscode/l10n', ...LANGUAGE_SERVER] },
  { at: 'server/dap', rooms: ENGINE, packages: ['node:*', '@vscode/l10n', ...DEBUG_ADAPTER] },
  { at: 'server/cli', rooms: ENGINE, packages: ['node:*', '@vscode/l10n', 'commander', 'ignore'] },
  ...ENTRIES.map(entry),
  {
    at: 'extension',
    rooms: ['server/protocol', 'server/shared'],
    packages: [
      'vscode',
      'node:*',
      '@vscode/l10n',
      '@vscode/python-extension',
      'vscode-jsonrpc',
      'vscode-languageclient/node',
      'vscode-messenger',
      'vscode-messenger-common',
    ],
  },
  {
    at: 'media/panel',
    rooms: ['server/protocol', 'server/shared'],
    packages: [
      '@vscode/l10n',
      'preact',
      'preact/hooks',
      'uplot*',
      '@dagrejs/dagre',
      'vscode-messenger-common',
      'vscode-messenger-webview',
    ],
  },
];

/** Imports that the table forbids and that are still there, as `file -> import`. The list only gets shorter. */
export const DEBTS: readonly string[] = [
  'server/model/signals.ts -> node:os',
  'server/model/record-pages.ts -> node:fs',
  'server/model/record-pages.ts -> node:os',
  'server/source/grammar.ts -> node:fs',
  'server/source/grammar.ts -> node:path',
];
