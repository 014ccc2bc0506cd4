/** Actions on a finding, by the buttons of the panel and the menu of the tree, in a whole VS Code. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { until } from '../shared/until';
import { type Code, openCode, ROOT } from './harness';

const PROGRAM = 'both_send.py';
const CODE = 'both-send';

describe('a finding in VS Code', function () {
  this.timeout(240_000);
  let code: Code;
  let panel: Frame;
  before(async () => {
    code = await openCode({
      settings: { 'forkscope.console': 'internalConsole', 'debug.internalConsoleOptions': 'neverOpen' },
    });
    const source = readFileSync(join(ROOT, 'test/programs/faults', PROGRAM), 'utf8');
    writeFileSync(join(code.folder, PROGRAM), source.replace('sys.argv[1]', '"fork"'));
    await code.page.locator('.activitybar [aria-label*="Forkscope"]').first().click();
    await code.run(PROGRAM);
    panel = await code.panel();
    await panel.locator('#tab-findings').click();
  });
  after(async () => {
    if (code === undefined) return;
    // It would hang forever.
    await code.command('Forkscope: Stop Session');
    await until(
      'its end',
      () => code.tree('Processes'),
      (rows) => rows.every((row) => row.level > 1 || /exited|killed/.test(row.description)),
    ).finally(() => code.close());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await code.screenshot('failed-findings');
  });

  const shown = (): Locator => panel.locator('.finding');
  const marked = (): Promise<boolean> =>
    code.tree('Processes').then((rows) => rows.some((row) => row.level > 1 && /1 finding/.test(row.aria)));
  const muted = (): readonly string[] => {
    const file = join(code.folder, '.vscode/settings.json');
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text === '') return []; // VS Code is about to write it
    const settings = JSON.parse(text) as Record<string, string[]>;
    return settings['forkscope.findings.muted'] ?? [];
  };
  const isMuted = (right: boolean): Promise<boolean> =>
    until(
      right ? 'the setting and the rows without marks' : 'the setting and the marks back',
      async () => muted().includes(CODE) === right && (await marked()) !== right,
      (same) => same,
    );
  /** The page of the code is open; closes it again. */
  const explained = async (): Promise<void> => {
    const tab = code.page.locator('.tab.active', { hasText: `${CODE}.md` });
    await tab.waitFor();
    await tab.click({ button: 'middle' });
    await tab.waitFor({ state: 'detached' });
  };
  /** Of the row of a process that the finding concerns. */
  const menu = async (item: string): Promise<void> => {
    const pane = code.page.locator('.pane', { has: code.page.locator('.pane-header', { hasText: 'Processes' }) });
    await code.chooseFor(pane.locator('.monaco-list-row[aria-level="2"]').first(), item);
  };
  const undo = async (): Promise<void> => {
    await code.command('Notifications: Show Notifications');
    const notification = code.page.locator('.notifications-center .notification-list-item', {
      hasText: `type ${CODE}`,
    });
    await notification.getByRole('button', { name: 'Undo', exact: true }).click();
    await notification.waitFor({ state: 'detached' });
  };

  it('the panel’s link opens the page that explains it', async () => {
    await shown()
      .locator('button', { hasText: new RegExp(`^${CODE}$`) })
      .click();
    await explained();
    await shown().first().waitFor();
  });

  it('the panel’s button mutes its code, and Undo brings it back', async () => {
    await isMuted(false);
    await shown().locator('button.mute').click();
    await isMuted(true);
    await shown().first().waitFor({ state: 'detached' });
    await undo();
    await isMuted(false);
    await shown().first().waitFor();
  });

  it('the menu of an affected process does the same', async () => {
    await menu('Explain Finding');
    await explained();
    await shown().first().waitFor();
    await menu('Mute Findings…');
    await isMuted(true);
    await shown().first().waitFor({ state: 'detached' });
    await undo();
    await isMuted(false);
    await shown().first().waitFor();
  });
});
