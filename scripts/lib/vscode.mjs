// A real VS Code without a desktop: its own server (from the npm package code-server) and a browser.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure, npm, ROOT, say } from './tools.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const CODE_SERVER = '4.139.1';
const WATCHER = { linux: '@parcel/watcher-linux-x64-glibc', darwin: '@parcel/watcher-darwin-arm64' };

/** Settings that keep a fresh VS Code quiet: no popups, no network requests. */
export const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.settings.enableNaturalLanguageSearch': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'remote.autoForwardPorts': false,
  'git.enabled': false,
  'github.gitAuthentication': false,
  'files.simpleDialog.enable': true,
};

/** Path of VS Code's server; installed from npm if missing. @returns {string} path of server-main.js */
export function ensureServer() {
  const home = join(ROOT, '.vscode-test', `code-server-${CODE_SERVER}`);
  const inner = join(home, 'node_modules', 'code-server', 'lib', 'vscode');
  const stamp = join(home, 'complete');
  if (!existsSync(stamp)) {
    say(`Fetching VS Code ${CODE_SERVER} (its server and workbench, from npm) …`);
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{"private":true}');
    npm('Fetching VS Code', ['install', '--ignore-scripts', `code-server@${CODE_SERVER}`], home);
    npm('Fetching what VS Code needs', ['install', '--omit=dev', '--omit=optional', '--ignore-scripts'], inner);
    const watcher = WATCHER[process.platform];
    if (watcher)
      npm(
        'Fetching the file watcher',
        ['install', '--no-save', '--omit=dev', '--omit=optional', '--ignore-scripts', `${watcher}@2.5.6`],
        inner,
      );
    mkdirSync(join(inner, 'node_modules/@vscode/spdlog'), { recursive: true });
    copyFileSync(join(HERE, 'spdlog.js'), join(inner, 'node_modules/@vscode/spdlog/index.js'));
    writeFileSync(stamp, CODE_SERVER);
  }
  return join(inner, 'out', 'server-main.js');
}

/** A Chromium or Chrome on this machine; installed on Debian as root. @returns {string} */
export function ensureBrowser() {
  const known = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  const find = () => known.find((each) => each && existsSync(each));
  if (!find() && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    say('Installing Chromium …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  }
  const found = find();
  if (!found)
    throw new Failure(
      'The tests in VS Code need Chromium or Chrome. Install one, or name it in the variable CHROMIUM.',
    );
  return found;
}

/**
 * Starts VS Code's server on a free loopback port. A client that connects there may run programs: so it requires a
 * token, which appears on no command line, because every user of the machine can read those.
 * @param {{ node: string, userData: string, extensions: string, serverData: string, settings?: object, env?: object,
 * driver?: boolean, log?: (text: string) => void }} options
 */
export async function startServer(options) {
  const main = ensureServer();
  const settingsFile = join(options.userData, 'User', 'settings.json');
  mkdirSync(dirname(settingsFile), { recursive: true });
  mkdirSync(options.extensions, { recursive: true });
  // A browser's window reads its settings from the machine's, which are these.
  const machine = join(options.userData, 'Machine', 'settings.json');
  mkdirSync(dirname(machine), { recursive: true });
  const settings = JSON.stringify({ ...QUIET, ...options.settings }, null, 1);
  writeFileSync(settingsFile, settings);
  writeFileSync(machine, settings);
  const env = { ...process.env, EXTENSIONS_GALLERY: '{}', ...options.env };
  for (const name of ['NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE', 'VSCODE_IPC_HOOK_CLI']) delete env[name];
  const token = randomBytes(16).toString('hex');
  const tokenFile = join(options.userData, `token-${randomBytes(8).toString('hex')}`);
  writeFileSync(tokenFile, token, { mode: 0o600, flag: 'wx' });
  const args = [
    main,
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--accept-server-license-terms',
    '--telemetry-level',
    'off',
    '--log',
    'warn',
    '--server-data-dir',
    options.serverData,
    '--user-data-dir',
    options.userData,
    '--extensions-dir',
    options.extensions,
    '--connection-token-file',
    tokenFile,
    ...(options.driver ? ['--enable-smoke-test-driver'] : []),
  ];
  const server = spawn(options.node, args, {
    env,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // It is read with the first request.
  server.once('exit', () => rmSync(tokenFile, { force: true }));
  const port = await new Promise((found, failed) => {
    let said = '';
    const timer = setTimeout(
      () => failed(new Failure(`VS Code's server did not start within a minute:\n${said}`)),
      60_000,
    );
    const read = (data) => {
      said = (said + data).slice(-20_000);
      options.log?.(String(data));
      const match = /Extension host agent listening on (\d+)/.exec(said);
      if (match) {
        clearTimeout(timer);
        found(Number(match[1]));
      }
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.once('exit', (code, signal) =>
      failed(new Failure(`VS Code's server ended at once (${code ?? signal}):\n${said}`)),
    );
  });
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((done) => server.once('exit', done));
    const kill = (signal) => {
      try {
        process.kill(process.platform === 'win32' ? server.pid : -server.pid, signal);
      } catch {
        // it has ended meanwhile
      }
    };
    kill('SIGTERM');
    const timer = setTimeout(() => kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(timer);
  };
  return { port, token, stop, process: server };
}

/**
 * The page of a workspace folder on a running server. @param {string[][]} payload see VS Code's own `?payload=`; paths
 * become addresses of this server
 */
export function pageAddress({ port, token }, folder, payload = []) {
  const parts = [`folder=${encodeURIComponent(resolve(folder))}`];
  if (payload.length > 0) parts.push(`payload=${encodeURIComponent(JSON.stringify(payload))}`);
  parts.push(`tkn=${token}`);
  return `http://127.0.0.1:${port}/?${parts.join('&')}`;
}
export function remote(port, path) {
  return `vscode-remote://127.0.0.1:${port}${resolve(path)}`;
}

/** Installs a packaged extension. */
export function installVsix(node, vsix, extensions, serverData) {
  const run = spawnSync(
    node,
    [
      ensureServer(),
      '--accept-server-license-terms',
      '--extensions-dir',
      extensions,
      '--server-data-dir',
      serverData,
      '--install-extension',
      vsix,
    ],
    { encoding: 'utf8' },
  );
  if (run.status !== 0) throw new Failure(`${vsix} could not be installed:\n${run.stdout}${run.stderr}`);
  return readdirSync(extensions);
}
export function packageJson() {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
}
