// npm start: sets up, builds, and opens VS Code with Forkscope in it, on the samples or on the named script.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies, ensureNode, Failure, fail, ROOT, runChecked, say, underRightNode } from './lib/tools.mjs';

const SCRATCH = join(ROOT, '.vscode-test', 'start');

async function main() {
  await underRightNode(fileURLToPath(import.meta.url));
  const named = process.argv.slice(2).find((each) => !each.startsWith('-'));
  const script = named === undefined ? null : resolve(process.env.INIT_CWD ?? process.cwd(), named);
  if (script !== null && !existsSync(script)) throw new Failure(`There is no file ${script}.`);
  ensureDependencies();
  say('Building …');
  runChecked('The build', process.execPath, ['esbuild.mjs']);
  const folder = script === null ? samples() : statSync(script).isDirectory() ? script : dirname(script);
  const file = script !== null && !statSync(script).isDirectory() ? script : join(folder, 'pipeline.py');
  if (desktop()) openDesktop(folder, file);
  else await openBrowser(folder, file);
}

/** A copy, so that experiments change nothing here. */
function samples() {
  const folder = join(SCRATCH, 'samples');
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    cpSync(join(ROOT, 'media', 'samples'), folder, { recursive: true });
  }
  return folder;
}

function desktop() {
  if (process.argv.includes('--browser')) return false;
  const run = spawnSync('code', ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' });
  return run.status === 0 && /^\d+\.\d+/.test(run.stdout);
}

function openDesktop(folder, file) {
  runChecked(
    'Opening VS Code',
    'code',
    ['--new-window', `--extensionDevelopmentPath=${ROOT}`, folder, '--goto', `${file}:1`],
    { shell: process.platform === 'win32' },
  );
  say(`VS Code is open on ${folder}. Choose "Run Python File in Forkscope" from the run menu.`);
}

async function openBrowser(folder, file) {
  const { pageAddress, remote, startServer } = await import('./lib/vscode.mjs');
  const server = await startServer({
    node: ensureNode(),
    userData: join(SCRATCH, 'user'),
    extensions: join(SCRATCH, 'extensions'),
    serverData: join(SCRATCH, 'server'),
    driver: true, // without it this server loads no extension from a folder
    settings: { 'security.workspace.trust.enabled': false, 'debug.toolBarLocation': 'docked' },
  });
  const payload = [
    ['extensionDevelopmentPath', remote(server.port, ROOT)],
    ['openFile', remote(server.port, file)],
  ];
  const address = pageAddress(server, folder, payload);
  say(
    `\nVS Code with Forkscope is at\n\n    ${address}\n\n(only from this machine, only with this address; Ctrl-C ends it). Choose "Run Python File in Forkscope" from the run menu of ${basename(file)}.\n`,
  );
  const opener =
    process.platform === 'darwin'
      ? 'open'
      : process.platform === 'win32'
        ? 'explorer'
        : process.env.DISPLAY || process.env.WAYLAND_DISPLAY
          ? 'xdg-open'
          : null;
  if (opener !== null)
    spawn(opener, [pageThatLeadsTo(address)], { stdio: 'ignore', detached: true })
      .on('error', () => {})
      .unref();
  await new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, done);
    server.process.once('exit', done);
  });
  await server.stop();
}

/**
 * The address contains the token, so it must not be on the browser's command line: a private file of the user redirects
 * there.
 */
function pageThatLeadsTo(address) {
  const page = join(mkdtempSync(join(tmpdir(), 'forkscope-open-')), 'open.html');
  const html = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${address.replaceAll('&', '&amp;')}">`;
  writeFileSync(page, html, { mode: 0o600 });
  process.once('exit', () => rmSync(dirname(page), { recursive: true, force: true }));
  return page;
}

main().then(() => process.exit(0), fail);
