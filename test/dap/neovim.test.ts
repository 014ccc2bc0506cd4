/**
 * Neovim with nvim-dap, with exactly the configuration in docs/editors.md. nvim-dap comes from no registry: the test
 * needs `nvim` and, in FORKSCOPE_NVIM_DAP, a folder of nvim-dap, and is skipped without them.
 */
import { execFile, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { buildServer } from '../shared/built';
import { debugpyFor } from './debugpy';

const plugin = process.env['FORKSCOPE_NVIM_DAP'] ?? '';
const nvim = process.env['FORKSCOPE_NVIM'] ?? 'nvim';
const ready = existsSync(join(plugin, 'lua', 'dap.lua')) && spawnSync(nvim, ['--version']).status === 0;
const debugpy = ready ? debugpyFor('python3') : null;

const PROGRAM = `import multiprocessing


def work(number):
    doubled = number * 2
    print("doubled", doubled)


if __name__ == "__main__":
    child = multiprocessing.get_context("spawn").Process(target=work, args=(21,), name="child-1")
    child.start()
    child.join()
`;

test.skipIf(debugpy === null)(
  'Neovim stops in a child at a line, evaluates there, and goes on to the end',
  async () => {
    const built = await buildServer();
    const folder = mkdtempSync(join(tmpdir(), 'forkscope-neovim-test-'));
    try {
      const docs = readFileSync('docs/editors.md', 'utf8');
      const lua = /## Neovim[^#]*?\n\n((?: {4}.*\n|\n)+)/.exec(docs)?.[1] ?? '';
      expect(lua).toContain('dap.adapters.forkscope');
      const configuration = join(folder, 'configuration.lua');
      writeFileSync(configuration, lua.replace('~/forkscope/dist/cli.js', join(built, 'cli.js')));
      const program = join(folder, 'program.py');
      writeFileSync(program, PROGRAM);
      const packages = join(folder, 'data/nvim/site/pack/test/start');
      mkdirSync(packages, { recursive: true });
      cpSync(plugin, join(packages, 'nvim-dap'), { recursive: true });
      const result = join(folder, 'result.json');
      await new Promise((done) => {
        execFile(
          nvim,
          [
            '--headless',
            '--cmd',
            'set noswapfile',
            '-u',
            'NONE',
            '-c',
            'packloadall',
            '-S',
            resolve('test/dap/neovim/drive.lua'),
          ],
          {
            cwd: folder,
            timeout: 60_000,
            env: {
              ...process.env,
              XDG_DATA_HOME: join(folder, 'data'),
              XDG_STATE_HOME: join(folder, 'state'),
              XDG_CONFIG_HOME: join(folder, 'config'),
              PYTHONPATH: join(debugpy ?? '', '..'),
              FORKSCOPE_CONFIGURATION: configuration,
              FORKSCOPE_PROGRAM: program,
              FORKSCOPE_LINE: '6',
              FORKSCOPE_RESULT: result,
            },
          },
          done,
        );
      });
      expect(JSON.parse(readFileSync(result, 'utf8'))).toEqual({
        stops: [{ name: expect.stringMatching(/^child-1 \(pid \d+\)$/), line: 6, value: '4200' }],
        output: 'doubled 42\n',
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
      rmSync(built, { recursive: true, force: true });
    }
  },
);
