/** The command line as it ships, built once per test file: a shell script in front of Node. */
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
// @ts-expect-error: a script of the build
import { commandBanner } from '../../../scripts/lib/banner.mjs';
import type { Workplace } from '../../shared/workplace';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Builds it into the work folder; returns its path. */
export async function buildCommandLine(place: Workplace): Promise<string> {
  const cli = place.path('dist/cli.js');
  mkdirSync(place.path('tmp'), { recursive: true });
  await build({
    entryPoints: [join(ROOT, 'server/command.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    outfile: cli,
    logLevel: 'error',
    banner: { js: commandBanner(ROOT) },
  });
  chmodSync(cli, 0o755);
  symlinkSync(join(ROOT, 'server/runtime'), place.path('dist/runtime'), 'junction');
  return cli;
}

/** An environment in which it finds this Node. */
export function environment(place: Workplace): NodeJS.ProcessEnv {
  const temporary = place.path('tmp');
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  return { ...process.env, PATH: path, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
}
