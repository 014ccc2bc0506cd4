/**
 * VS Code's debugger as a user sees and drives it: Call Stack, Variables, Breakpoints, the floating buttons, the
 * highlighted line.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { until } from '../shared/until';
import type { Code } from './harness';

export class Debugger {
  constructor(private readonly code: Code) {}

  private get page() {
    return this.code.page;
  }

  /** Lets F5 debug the open file, without a line debugger. */
  launchFileInFront(): void {
    const configuration = {
      type: 'forkscope',
      request: 'launch',
      name: 'file',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of VS Code, not of JavaScript.
      program: '${file}',
      console: 'internalConsole',
      lineDebugging: 'off',
    };
    mkdirSync(join(this.code.folder, '.vscode'), { recursive: true });
    const file = join(this.code.folder, '.vscode/launch.json');
    writeFileSync(file, JSON.stringify({ version: '0.2.0', configurations: [configuration] }));
  }

  async start(name: string): Promise<void> {
    await this.code.openFile(name);
    await this.code.command('Debug: Start Debugging');
  }

  row(view: 'call-stack' | 'variables' | 'breakpoints', text: string | RegExp): Locator {
    return this.page.locator(`.debug-${view} .monaco-list-row`, { hasText: text }).first();
  }

  /** Rows of the Call Stack: name and badge of each process, frames of paused ones. */
  readonly stack = (): Promise<string[]> => this.page.locator('.debug-call-stack .monaco-list-row').allTextContents();

  stopped(what: RegExp): Promise<string[]> {
    return until(`a row ${what}`, this.stack, (all) => all.some((each) => what.test(each)));
  }

  /** Like `stopped`, for a program's only process: it has no row, and its badge is in the view's title. */
  async stoppedAlone(what: RegExp): Promise<void> {
    const badge = this.page.locator('.call-stack-state-message .label').first();
    await until(
      'the only process to stand',
      async () => (await badge.textContent()) ?? '',
      (text) => what.test(text),
    );
  }

  /** Selects a process in the Call Stack, once it is paused in that way, and waits for its line. */
  async choose(name: string, standing: RegExp, line: string): Promise<void> {
    await this.stopped(standing);
    await this.row('call-stack', name).click();
    await this.standsAt(line);
  }

  /** Every process of the program is gone. */
  async ended(): Promise<void> {
    await until('the end', this.stack, (all) => all.length === 0);
  }

  /** Presses one of the floating toolbar's buttons, by the start of its label. */
  async press(button: string): Promise<void> {
    await this.page.locator(`.debug-toolbar .action-label[aria-label^="${button}"]`).first().click();
  }

  /** The highlighted line that contains the cursor: others belong to other paused processes. '' if there is none. */
  readonly highlighted = async (): Promise<string> => {
    const boxes = await this.page
      .locator('.view-overlays .debug-top-stack-frame-line')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top));
    const active = await this.page
      .locator('.margin-view-overlays .line-numbers.active-line-number')
      .evaluateAll((all) =>
        all.map((each) => ({ top: each.getBoundingClientRect().top, text: each.textContent ?? '' })),
      );
    return active.find((each) => boxes.some((top) => Math.abs(each.top - top) < 4))?.text ?? '';
  };

  async standsAt(line: string): Promise<void> {
    await until('the highlighted line', this.highlighted, (shown) => shown === line);
  }

  readonly variables = async (): Promise<string[]> => {
    const texts = await this.page.locator('.debug-variables .monaco-list-row').allInnerTexts();
    return texts.map((each) => each.replace(/\s+/g, ' ').trim());
  };

  /** The Variables view shows this message, of a process paused at this operation. */
  async messageIs(operation: 'put' | 'get', value: string): Promise<void> {
    await until(
      `the message ${value} of a ${operation}`,
      this.variables,
      (all) => all.includes(`message = ${value}`) && all.includes(`operation = ${operation}`),
    );
  }

  /** Adds a function breakpoint in the Breakpoints view. */
  async breakAt(name: string): Promise<void> {
    await this.code.command('Function Breakpoint');
    await this.inBreakpoints(this.page.locator('.debug-breakpoints .monaco-list-row input[type=text]'));
    await this.type('breakpoints', name);
    const row = await this.breakpoint(name);
    await row.locator('.codicon-debug-breakpoint-function').waitFor(); // replaced by another one until the debugger confirms it
  }

  /** Types into the input box of a view's row. */
  async type(view: 'breakpoints' | 'variables', text: string): Promise<void> {
    const input = this.page.locator(`.debug-${view} .monaco-list-row input[type=text]`).first();
    await input.fill(text);
    await input.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  /** A row of the Breakpoints view, scrolled into view. */
  breakpoint(text: string | RegExp): Promise<Locator> {
    return this.inBreakpoints(this.row('breakpoints', text));
  }

  /** Scrolls the Breakpoints view until the row exists: only visible rows do. */
  private async inBreakpoints(what: Locator): Promise<Locator> {
    let turns = 0;
    await until(
      'what the Breakpoints view should have',
      async () => {
        if ((await what.count()) > 0) return true;
        await this.page.locator('.debug-breakpoints').hover();
        // Alternates down and up: scrolling takes time to settle.
        await this.page.mouse.wheel(0, Math.floor(turns / 8) % 2 === 0 ? 500 : -500);
        turns += 1;
        return false;
      },
      Boolean,
    );
    return what.first();
  }

  /** Enlarges the Breakpoints view: by default it shows nine rows. */
  async enlargeBreakpoints(): Promise<void> {
    await this.page.locator('.pane-header.expanded', { hasText: 'Watch' }).first().click();
    const header = await this.page.locator('.pane-header', { hasText: 'Breakpoints' }).first().boundingBox();
    if (header === null) throw new Error('There is no Breakpoints view.');
    await this.page.mouse.move(header.x + 100, header.y);
    await this.page.mouse.down();
    await this.page.mouse.move(header.x + 100, header.y - 160, { steps: 4 });
    await this.page.mouse.up();
  }

  /** Sets or clears a checkbox of the Breakpoints view. */
  async tick(filter: string | RegExp, on = true): Promise<void> {
    const box = (await this.breakpoint(filter)).locator('.monaco-checkbox, input[type=checkbox]').first();
    await box.click();
    await until(
      `${filter} ${on ? 'ticked' : 'cleared'}`,
      () => box.getAttribute('aria-checked'),
      (checked) => checked === String(on),
    );
  }
}
