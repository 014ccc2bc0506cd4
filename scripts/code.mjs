#!/usr/bin/env node
// Replaces the desktop's `code` for @vscode/test-electron: starts VS Code's server and a headless browser. Takes VS
// Code's own flags and exits with the tests' status.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ensureBrowser, pageAddress, remote, startServer } from './lib/vscode.mjs';

const flags = new Map();
const rest = [];
for (const word of process.argv.slice(2)) {
  const match = /^--([^=]+)(?:=(.*))?$/s.exec(word);
  if (match) flags.set(match[1], [...(flags.get(match[1]) ?? []), match[2] ?? 'true']);
  else rest.push(word);
}
const flag = (name) => flags.get(name)?.at(-1);
const work = mkdtempSync(join(tmpdir(), 'forkscope-code-'));
const output = join(work, 'tests.log');
const verdict = join(work, 'verdict');
writeFileSync(output, '');
let server;
let browser;

/** Prints the output of the tests' reporter only: VS Code's own log would be mixed into it. */
let shown = 0;
function show() {
  const text = readFileSync(output);
  process.stdout.write(text.subarray(shown));
  shown = text.length;
}
async function end(status, why) {
  if (why) process.stderr.write(`${why}\n`);
  show();
  await browser?.close().catch(() => {});
  await server?.stop();
  rmSync(work, { recursive: true, force: true });
  process.exit(status);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(130, `ended by ${signal}`));

try {
  server = await startServer({
    node: process.execPath,
    userData: join(work, 'user'),
    extensions: flag('extensions-dir') ?? join(work, 'extensions'),
    serverData: join(work, 'server'),
    settings: { 'security.workspace.trust.enabled': false, 'debug.toolBarLocation': 'docked' },
    env: { FORKSCOPE_TEST_OUTPUT: output, FORKSCOPE_TEST_VERDICT: verdict },
    driver: true,
    log: process.env.FORKSCOPE_TEST_VERBOSE ? (text) => process.stderr.write(text) : undefined,
  });
  browser = await chromium.launch({
    executablePath: ensureBrowser(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  });
  const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
  await page.exposeFunction('codeAutomationLog', (type, args) => {
    if (process.env.FORKSCOPE_TEST_VERBOSE) process.stderr.write(`${type}: ${JSON.stringify(args).slice(0, 500)}\n`);
  });
  await page.exposeFunction('codeAutomationExit', (code) => {
    // VS Code also exits with 0 if the extension host was killed: 0 counts only with the mark that the suite writes at
    // its end.
    const whole = existsSync(verdict) && readFileSync(verdict, 'utf8') === 'passed';
    void end(
      code !== 0 ? code : whole ? 0 : 5,
      code === 0 && !whole ? 'The extension host ended before the tests did.' : undefined,
    );
  });
  page.on('crash', () => end(4, 'The page crashed.'));
  const payload = [];
  for (const each of flags.get('extensionDevelopmentPath') ?? [])
    payload.push(['extensionDevelopmentPath', remote(server.port, each)]);
  if (flag('extensionTestsPath')) payload.push(['extensionTestsPath', remote(server.port, flag('extensionTestsPath'))]);
  setInterval(show, 300).unref();
  setTimeout(() => end(124, 'The tests in VS Code took more than five minutes.'), 300_000).unref();
  await page.goto(pageAddress(server, rest[0] ?? work, payload));
} catch (error) {
  await end(2, error.stack ?? String(error));
}
