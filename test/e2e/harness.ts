/** Opens a whole VS Code with Forkscope in a browser, and reads and drives it as a user does. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Frame, type Locator, type Page } from 'playwright-core';
import { until } from '../shared/until';

export const ROOT = resolve(__dirname, '../../..');
const SCREENSHOTS = join(ROOT, 'test/e2e/screenshots');

export interface Row {
  readonly level: number;
  readonly label: string;
  readonly description: string;
  readonly aria: string;
}

/** A running VS Code. `close` ends it. */
export interface Code {
  readonly page: Page;
  /** The copy of the samples that is open as its workspace. */
  readonly folder: string;
  command(title: string): Promise<void>;
  openFile(name: string): Promise<void>;
  /** Opens a Python file and runs it in Forkscope; resolves when it is in the tree. */
  run(name: string): Promise<void>;
  /** Moves the cursor of the open editor to that line. */
  goToLine(line: number): Promise<void>;
  /** Selects an item of a row's context menu. */
  chooseFor(row: Locator, item: string): Promise<void>;
  /** Selects an item of the open menu. */
  chooseItem(item: string): Promise<void>;
  /** Visible rows of a tree view, by the view's title. */
  tree(title: string): Promise<Row[]>;
  panel(): Promise<Frame>;
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

interface ServerModule {
  ensureBrowser(): string;
  pageAddress(server: { port: number; token: string }, folder: string, payload: string[][]): string;
  remote(port: number, path: string): string;
  startServer(options: object): Promise<{ port: number; token: string; stop(): Promise<void> }>;
}

export async function openCode(
  options: {
    settings?: Record<string, unknown>;
    width?: number;
    height?: number;
    /** Folders of further extensions to install. */
    extensions?: readonly string[];
  } = {},
): Promise<Code> {
  const lib = (await import(join(ROOT, 'scripts/lib/vscode.mjs'))) as ServerModule;
  const work = mkdtempSync(join(tmpdir(), 'forkscope-e2e-'));
  const folder = join(work, 'samples');
  cpSync(join(ROOT, 'media/samples'), folder, { recursive: true });
  install(options.extensions ?? [], join(work, 'extensions'));
  const server = await lib.startServer({
    node: process.execPath,
    userData: join(work, 'user'),
    extensions: join(work, 'extensions'),
    serverData: join(work, 'server'),
    driver: true,
    settings: {
      'workbench.colorTheme': 'Default Dark Modern',
      'security.workspace.trust.enabled': false,
      'debug.toolBarLocation': 'docked',
      'editor.minimap.enabled': false,
      'editor.cursorBlinking': 'solid',
      ...options.settings,
    },
  });
  let browser: Browser | null = null;
  const close = async () => {
    await browser?.close().catch(() => {});
    await server.stop();
    rmSync(work, { recursive: true, force: true });
  };
  try {
    const opened = await browse(
      lib.pageAddress(server, folder, [['extensionDevelopmentPath', lib.remote(server.port, ROOT)]]),
      options,
    );
    browser = opened.browser;
    return new RunningCode(opened.page, folder, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Copies extensions to where VS Code keeps installed ones, with its list of them. */
function install(extensions: readonly string[], home: string): void {
  const list = extensions.map((from) => {
    const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as Record<string, string>;
    const [id, version] = [`${manifest['publisher']}.${manifest['name']}`, manifest['version']];
    const relativeLocation = `${id}-${version}`;
    const path = join(home, relativeLocation);
    cpSync(from, path, { recursive: true, verbatimSymlinks: true });
    return { identifier: { id }, version, location: { $mid: 1, path, scheme: 'file' }, relativeLocation };
  });
  mkdirSync(home, { recursive: true });
  if (list.length > 0) writeFileSync(join(home, 'extensions.json'), JSON.stringify(list));
}

/** A browser that has opened an address of VS Code. */
export async function browse(
  address: string,
  options: { width?: number; height?: number },
): Promise<{ page: Page; browser: Browser }> {
  const lib = (await import(join(ROOT, 'scripts/lib/vscode.mjs'))) as ServerModule;
  const browser = await chromium.launch({
    executablePath: lib.ensureBrowser(),
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
  try {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1500, height: options.height ?? 950 },
      // Without a graphics card each frame of an animation costs the processor what the test needs.
      reducedMotion: 'reduce',
      colorScheme: 'dark',
    });
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    await page.goto(address);
    await page.locator('.monaco-workbench .activitybar').waitFor({ timeout: 60_000 });
    return { page, browser };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

export class RunningCode implements Code {
  constructor(
    readonly page: Page,
    readonly folder: string,
    readonly close: () => Promise<void>,
  ) {}

  async command(title: string): Promise<void> {
    await this.pick('F1', `>${title}`, title);
  }

  async openFile(name: string): Promise<void> {
    await this.pick('Control+p', name, name);
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
  }

  async run(name: string): Promise<void> {
    await this.openFile(name);
    await this.command('Run Python File in Forkscope');
    await until(
      `${name} in the tree`,
      () => this.tree('Processes'),
      (rows) => rows.some((row) => row.level === 1 && row.label === name),
    );
  }

  /** Presses a key, types, and selects the first row with that text. */
  private async pick(key: string, typed: string, row: string): Promise<void> {
    // Text typed into a box that is about to close, or to be filled by the key, is lost.
    const box = this.page.locator('.quick-input-widget');
    await box.waitFor({ state: 'hidden' });
    const input = box.locator('input').first();
    // A view that takes the focus meanwhile closes the box again.
    for (let left = 3; ; left--) {
      await this.page.keyboard.press(key);
      try {
        await input.fill(typed, { timeout: left > 0 ? 5000 : 60_000 });
        break;
      } catch (error) {
        if (left === 0) throw error;
      }
    }
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: row }).first().click();
  }

  async goToLine(line: number): Promise<void> {
    await this.page.locator('.editor-instance .view-lines').first().click();
    await this.page.keyboard.press('Control+g');
    const input = this.page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await input.fill(`:${line}`);
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: new RegExp(`line ${line}\\b`) });
    await row.first().click();
    await this.page.locator('.statusbar-item', { hasText: `Ln ${line},` }).waitFor();
  }

  async chooseFor(row: Locator, item: string): Promise<void> {
    const entry = this.page.locator('.monaco-menu .action-item', { hasText: item }).first();
    for (let tries = 3; ; tries--) {
      await row.click({ button: 'right' });
      try {
        await entry.waitFor({ timeout: tries > 1 ? 5000 : 60_000 });
        break;
      } catch (error) {
        if (tries === 1) throw error;
        await this.page.keyboard.press('Escape'); // the row was redrawn during the click
      }
    }
    await this.chooseItem(item);
  }

  async chooseItem(item: string): Promise<void> {
    // A menu ignores a click that comes at once: it may be the end of the one that opened it.
    await this.page.locator('.monaco-menu .action-item', { hasText: item }).first().hover();
    await this.page.locator('.monaco-menu .action-item.focused', { hasText: item }).waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator('.monaco-menu').first().waitFor({ state: 'hidden' });
  }

  async tree(title: string): Promise<Row[]> {
    const pane = this.page.locator('.pane', { has: this.page.locator('.pane-header', { hasText: title }) });
    return pane.locator('.monaco-list-row').evaluateAll((rows) =>
      rows.map((row) => ({
        level: Number(row.getAttribute('aria-level')),
        label: row.querySelector('.label-name')?.textContent ?? '',
        description: row.querySelector('.label-description')?.textContent ?? '',
        aria: row.getAttribute('aria-label') ?? '',
      })),
    );
  }

  async panel(): Promise<Frame> {
    const outer = await (await this.readyWebview()).elementHandle();
    const frame = await outer?.contentFrame();
    const inner = await frame?.waitForSelector('iframe#active-frame');
    const found = await inner?.contentFrame();
    if (!found) throw new Error('The panel did not open.');
    await found.waitForSelector('#root > *');
    return found;
  }

  /**
   * The first webview in a fresh browser profile sometimes stays blank: VS Code registers its service worker only then,
   * and the frame may be faster. A user would close and reopen it, and so does this.
   */
  private async readyWebview(): Promise<Locator> {
    const ready = this.page.locator('iframe.webview.ready').first();
    // Increasing timeouts: on a busy machine a slow one must not be restarted again and again.
    for (const timeout of [12_000, 24_000, 48_000]) {
      try {
        await ready.waitFor({ state: 'attached', timeout });
        return ready;
      } catch {
        if ((await this.page.locator('iframe.webview').count()) > 0) await this.reopenPanel();
      }
    }
    await ready.waitFor({ state: 'attached', timeout: 30_000 });
    return ready;
  }

  private async reopenPanel(): Promise<void> {
    const tab = this.page.locator('.tab', { hasText: 'Forkscope' }).first();
    // It may have no tab any more if an earlier attempt appeared late.
    if ((await tab.count()) > 0) {
      await tab.click({ button: 'middle' });
    }
    await this.command('Forkscope: Open Panel');
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }
}

/** Pids of this checkout's language servers. */
export function languageServers(): number[] {
  const module = join(ROOT, 'dist/server.js');
  return readdirSync('/proc')
    .filter((each) => /^\d+$/.test(each))
    .filter((pid) => {
      try {
        const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return args.includes(module) && args.includes('--node-ipc');
      } catch {
        return false; // it has just ended
      }
    })
    .map(Number);
}
