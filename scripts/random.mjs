// npm run test:random -- [--runs N] [--seed S] [--python P] [--native] …: random programs, bare and under Forkscope. See docs/random.md.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAccelerator } from './lib/accelerator.mjs';
import { debugpyFor } from './lib/debugpy.mjs';
import { pythons } from './lib/pythons.mjs';
import { ensureDependencies, Failure, fail, ROOT, runChecked, say, underRightNode, withNode } from './lib/tools.mjs';

const MACHINE = join(ROOT, 'test/random/main.py');

/** The value of an option, or undefined. */
function optionOf(args, name) {
  const at = args.findIndex((each) => each === name || each.startsWith(`${name}=`));
  if (at < 0) return undefined;
  const each = args[at];
  return each.includes('=') ? each.slice(each.indexOf('=') + 1) : args[at + 1];
}

/** An interpreter by its path, or by a version such as 3.12; by default the newest. */
function interpreter(wanted, found) {
  if (wanted === undefined) return found.at(-1).path;
  const version = found.find((each) => each.version === wanted || each.version.startsWith(`${wanted}.`));
  if (version !== undefined) return version.path;
  if (!existsSync(wanted)) throw new Failure(`There is no Python ${wanted} on this machine.`);
  return wanted;
}

function version(python) {
  return spawnSync(python, ['--version'], { encoding: 'utf8' }).stdout.trim().replace('Python ', '');
}

async function main() {
  await underRightNode(fileURLToPath(import.meta.url));
  if (process.platform !== 'linux') throw new Failure('The random programs need Linux.');
  ensureDependencies();
  const args = process.argv.slice(2);
  const found = pythons().filter((each) => each.minor >= 8 && !each.free);
  if (found.length === 0) throw new Failure('There is no Python 3.8 or newer on this machine.');
  const python = interpreter(optionOf(args, '--python'), found);
  const more = ['--python', python, '--node', process.execPath, '--root', ROOT];
  if (!args.includes('--print')) {
    const native = args.includes('--native');
    if (!args.includes('--no-build')) runChecked('The build', process.execPath, ['esbuild.mjs']);
    if (native) more.push('--native', buildAccelerator(python, `accelerator-${version(python)}`));
    if (optionOf(args, '--under') === 'dap') more.push('--debugpy', debugpyFor(python));
    say(`Python ${version(python)}${native ? ' with the accelerator' : ''}`);
  }
  const child = spawn(found.at(-1).path, [MACHINE, ...args, ...more], {
    cwd: ROOT,
    stdio: 'inherit',
    env: withNode(process.execPath),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (status) => process.exit(status ?? 1));
}

main().catch(fail);
