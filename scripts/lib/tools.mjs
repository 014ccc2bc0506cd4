// Shared by start and test: a recent Node, the dependencies of the lockfile, and plain progress lines. Has no
// dependencies itself.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const TOOLS = join(ROOT, '.tools');
/** The major version that VS Code's server and the test tools need. The product itself runs on Node 20. */
export const NODE_MAJOR = Number(readFileSync(join(ROOT, '.nvmrc'), 'utf8'));
const WINDOWS = process.platform === 'win32';

// As in server/engine/os/noInspector.ts.
process.on('SIGUSR1', () => {});

export class Failure extends Error {}

export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Runs a command and shows its output; fails with a sentence if it fails. */
export function runChecked(what, file, args, options = {}) {
  const run = spawnSync(file, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: WINDOWS && /\.(cmd|bat)$/i.test(file),
    ...options,
  });
  if (run.error) throw new Failure(`${what}: ${file} could not be started (${run.error.message}).`);
  if (run.status !== 0)
    throw new Failure(`${what} failed (${file} ${args.slice(0, 3).join(' ')} ended with ${run.status ?? run.signal}).`);
}

/** The npm that belongs to the running Node. */
export function npm(what, args, cwd = ROOT) {
  runChecked(what, WINDOWS ? 'npm.cmd' : 'npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd });
}

/** A file that records for which inputs a step was done. */
function doneFor(name, inputs) {
  const stamp = join(TOOLS, `${name}.stamp`);
  const hash = createHash('sha256').update(inputs).digest('hex');
  return {
    is: existsSync(stamp) && readFileSync(stamp, 'utf8') === hash,
    set: () => {
      mkdirSync(TOOLS, { recursive: true });
      writeFileSync(stamp, hash);
    },
  };
}

export function ensureDependencies() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'));
  const done = doneFor('dependencies', lock);
  if (done.is && existsSync(join(ROOT, 'node_modules', 'esbuild'))) return;
  say('Installing dependencies …');
  npm('Installing the dependencies', ['ci', '--ignore-scripts']);
  done.set();
}

/** Path of a Node of the required version: this one, or one from the npm registry. */
export function ensureNode() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  const folder = join(TOOLS, 'node');
  const name = `node-${WINDOWS ? 'win' : process.platform}-${process.arch}`;
  const found = join(folder, 'node_modules', name, 'bin', WINDOWS ? 'node.exe' : 'node');
  if (!existsSync(found)) {
    say(`Fetching Node ${NODE_MAJOR} for the tools (this is Node ${process.versions.node}) …`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    npm(`Fetching Node ${NODE_MAJOR}`, ['install', '--ignore-scripts', `${name}@${NODE_MAJOR}`], folder);
  }
  if (!existsSync(found))
    throw new Failure(
      `The npm package ${name} holds no Node for this machine. Install Node ${NODE_MAJOR} and try again.`,
    );
  return found;
}

/** The environment in which `node` is the given one. */
export function withNode(node, env = process.env) {
  const path = `${dirname(node)}${WINDOWS ? ';' : ':'}${env.PATH ?? env.Path ?? ''}`;
  return { ...env, PATH: path };
}

/** Re-executes this script under the Node that the tools need; returns only if it is the running one. */
export async function underRightNode(script) {
  const node = ensureNode();
  if (node === process.execPath) return;
  const child = spawn(node, [script, ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit', env: withNode(node) });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const code = await new Promise((resolve) =>
    child.on('exit', (status, signal) => resolve(signal ? 1 : (status ?? 1))),
  );
  process.exit(code);
}

export function fail(error) {
  process.stderr.write(`\n${error instanceof Failure ? error.message : (error.stack ?? error)}\n`);
  process.exit(1);
}
