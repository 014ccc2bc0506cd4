import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from './files';
import { importsOf, refusal, sources } from './imports';
import { ROOMS } from './rooms';

/** A file of each room, and imports that docs/architecture.md forbids it. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  'server/protocol/plain.ts': [
    '../source/check',
    '../stops/plan',
    '../lines/debugpy',
    '../launching',
    '../model/fifo',
    '../log/log',
  ],
  'server/core/model/structures/fifo.ts': ['../entities/pool', '../../source/check', 'node:fs'],
  'server/core/model/entities/pool.ts': ['../state/pools', '@vscode/l10n', 'node:os'],
  'server/core/model/state/pools.ts': ['../apply/event', '../query/waits', '../project/pools', '@vscode/l10n'],
  'server/core/model/apply/event.ts': ['../query/waits', '../project/pools', '../../findings/evidence', '@vscode/l10n'],
  'server/core/model/query/waits.ts': ['../apply/event', '../project/waits', '@vscode/l10n'],
  'server/core/model/project/pools.ts': ['../apply/event', '../../findings/evidence', '../../../engine/log/log'],
  'server/core/findings/evidence.ts': ['../log/log', '../source/check', '../stops/plan'],
  'server/engine/journal/totals.ts': ['../source/check'],
  'server/engine/session/clock.ts': ['../source/check', '../stops/plan', '../compose'],
  'server/debug/pauses/plan.ts': ['../../dap/errors', '../../lsp/requests', '@vscode/debugadapter'],
  'server/core/pickle/text.ts': ['../log/log', '../stops/plan', 'node:fs'],
  'server/engine/os/signals.ts': ['../log/log', '../pickle/text', '../lines/debugpy'],
  'server/core/source/edits.ts': ['../log/log', '../stops/plan', '../lines/debugpy'],
  'server/engine/files/log.ts': ['../log/log'],
  'server/engine/log/log.ts': ['../session/clock', '../model/fifo', '../dap/errors'],
  'server/lsp/requests.ts': ['../compose', '../dap/errors', '../cli/run'],
  'server/dap/errors.ts': ['../launching', '../lsp/requests', 'vscode'],
  'extension/ids.ts': [
    '../server/findings/evidence',
    '../server/stops/plan',
    '../server/lines/debugpy',
    '../server/compose',
    '../server/model/fifo',
    '../media/panel/strings',
  ],
  'media/panel/strings.ts': [
    '../../server/findings/evidence',
    '../../server/stops/plan',
    '../../server/compose',
    '../../server/model/fifo',
    'node:fs',
    'vscode',
  ],
};

describe('allowed imports', () => {
  for (const [file, imports] of Object.entries(FORBIDDEN))
    test.each(imports)(`${file} may not import %s`, (specifier) => {
      expect(sources()).toContain(file);
      expect(refusal(ROOMS, file, specifier)).not.toBeNull();
    });

  test('recognizes every form of import', () => {
    const text = `
      import a, { b } from './a';
      import type { C } from './c';
      import './d';
      export * from './e';
      export type { F } from './f';
      export const g = await import('./g');
      export type H = import('./h').H;
      export const view = <div />;`;
    expect(importsOf('some.tsx', text).sort()).toEqual(['./a', './c', './d', './e', './f', './g', './h']);
    expect(() => importsOf('some.ts', 'import {')).toThrow('some.ts');
  });

  test('rejects a file outside of every room', () => {
    expect(refusal(ROOMS, 'server/attic/a.ts', '../protocol/views')).toBe('server/attic/a.ts is in no room');
    expect(refusal(ROOMS, 'server/core/model/structures/fifo.ts', '../../../attic/a')).toBe(
      'server/attic/a is in no room',
    );
  });

  test('the source imports only what the table allows', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(200);
    const refused = files.flatMap((file) =>
      importsOf(file, readFileSync(path.join(ROOT, file), 'utf8'))
        .filter((each) => refusal(ROOMS, file, each) !== null)
        .map((each) => `${file} -> ${each}`),
    );
    expect(refused).toEqual([]);
  });
});
