/** The allowed imports, as shown in docs/architecture.md. What is not listed here is rejected. */
export interface Room {
  /** Its files: those below this path, unless a longer path of another room matches. */
  readonly at: string;
  /** Rooms that its files may import, in addition to their own. */
  readonly rooms: readonly string[];
  /** Packages and platform modules; a pattern ends with `*`. */
  readonly packages: readonly string[];
}

function model(...rooms: readonly string[]): string[] {
  return rooms.map((each) => `server/core/model/${each}`);
}

const MODEL = model('structures', 'input', 'entities', 'state', 'apply', 'query', 'project');
const CORE = ['server/core/history', ...MODEL, 'server/core/findings', 'server/core/pickle', 'server/core/source'];
const ENGINE = [
  'server/engine/os',
  'server/engine/files',
  'server/engine/log',
  'server/engine/journal',
  'server/engine/recording',
  'server/engine/report',
  'server/engine/timeline',
  'server/engine/session',
  'server/engine/launch',
];
const DEBUG = ['server/debug', 'server/debug/pauses', 'server/debug/threads', 'server/debug/debugpy'];
const COMMON = ['server/protocol', 'server/shared'];
const BELOW_FACES = [...COMMON, ...CORE, ...ENGINE, ...DEBUG];
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
    rooms: [...BELOW_FACES, ...FACES, ...ENTRIES],
    packages: ['node:*', '@vscode/l10n', ...LANGUAGE_SERVER],
  };
}

export const ROOMS: readonly Room[] = [
  {
    at: 'server/protocol',
    rooms: [],
    packages: ['@vscode/l10n', 'valibot', 'vscode-jsonrpc', 'vscode-messenger-common'],
  },
  { at: 'server/shared', rooms: ['server/protocol'], packages: ['@vscode/l10n'] },
  { at: 'server/core/history', rooms: COMMON, packages: [] },
  { at: 'server/core/pickle', rooms: ['server/protocol'], packages: [] },
  { at: 'server/core/source', rooms: ['server/protocol'], packages: ['web-tree-sitter', '@vscode/l10n'] },
  { at: 'server/core/model/structures', rooms: COMMON, packages: [] },
  { at: 'server/core/model/input', rooms: ['server/protocol'], packages: [] },
  {
    at: 'server/core/model/entities',
    rooms: [...COMMON, 'server/core/history', ...model('structures', 'input')],
    packages: ['node:path'],
  },
  { at: 'server/core/model/state', rooms: [...COMMON, ...model('structures', 'input', 'entities')], packages: [] },
  {
    at: 'server/core/model/apply',
    rooms: ['server/protocol', ...model('structures', 'input', 'entities', 'state')],
    packages: [],
  },
  { at: 'server/core/model/query', rooms: [...COMMON, ...model('entities', 'state')], packages: [] },
  {
    at: 'server/core/model/project',
    rooms: [...COMMON, ...model('entities', 'state', 'query')],
    packages: ['@vscode/l10n'],
  },
  {
    at: 'server/core/findings',
    rooms: ['server/protocol', ...model('entities', 'state', 'query', 'project')],
    packages: ['node:crypto'],
  },
  { at: 'server/engine/os', rooms: ['server/protocol'], packages: ['node:*'] },
  { at: 'server/engine/files', rooms: ['server/protocol'], packages: ['node:*', 'valibot'] },
  { at: 'server/engine/log', rooms: ['server/protocol', 'server/engine/files'], packages: ['node:*'] },
  {
    at: 'server/engine/journal',
    rooms: ['server/protocol', 'server/core/history', ...MODEL, 'server/engine/files', 'server/engine/log'],
    packages: ['node:*'],
  },
  ...[
    'server/engine/session',
    'server/engine/timeline',
    'server/engine/recording',
    'server/engine/report',
    'server/engine/launch',
  ].map((at) => ({
    at,
    rooms: [...COMMON, ...CORE, ...ENGINE],
    packages: ['node:*', 'tar-stream', 'valibot'],
  })),
  ...DEBUG.map((at) => ({
    at,
    rooms: [...COMMON, ...CORE, ...ENGINE, ...DEBUG],
    // The types of the protocol that debugpy speaks.
    packages: ['node:*', '@vscode/l10n', ...(at === 'server/debug/debugpy' ? ['@vscode/debugprotocol'] : [])],
  })),
  {
    at: 'server/lsp',
    rooms: [...BELOW_FACES, 'server/lsp/language'],
    packages: ['node:*', '@vscode/l10n', ...LANGUAGE_SERVER],
  },
  { at: 'server/lsp/language', rooms: BELOW_FACES, packages: ['node:*', '@vscode/l10n', ...LANGUAGE_SERVER] },
  { at: 'server/dap', rooms: BELOW_FACES, packages: ['node:*', '@vscode/l10n', 'valibot', ...DEBUG_ADAPTER] },
  { at: 'server/cli', rooms: BELOW_FACES, packages: ['node:*', '@vscode/l10n', 'commander', 'ignore'] },
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
