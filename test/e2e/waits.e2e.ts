/** Programs that hang, in a whole VS Code: the sentence that names the cause and the drawing of who waits for whom. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Code, openCode, ROOT, until } from './harness';

const PROGRAMS = [
  ['join_before_drain.py', /that cannot end: .* still in its feeder thread/],
  ['both_send.py', /all send into .* and nobody receives/],
  ['deadlock.py', /wait for each other and will for ever/],
] as const;

for (const [theme, look] of [
  ['Default Dark Modern', 'dark'],
  ['Default Light Modern', 'light'],
] as const) {
  describe(`hangs in VS Code, ${look}`, function () {
    this.timeout(240_000);
    let code: Code;
    before(async () => {
      code = await openCode({
        theme,
        settings: { 'forkscope.console': 'internalConsole', 'debug.internalConsoleOptions': 'neverOpen' },
      });
      for (const [program] of PROGRAMS) {
        // Those programs are told the start method, which Run Python File does not do.
        const source = readFileSync(join(ROOT, 'test/programs/faults', program), 'utf8');
        writeFileSync(join(code.folder, program), source.replace('sys.argv[1]', '"fork"'));
      }
      await code.page.locator('.activitybar [aria-label*="Forkscope"]').first().click();
    });
    after(async () => {
      await code?.close();
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await code.screenshot(`failed-waits-${look}`);
    });

    for (const [program, sentence] of PROGRAMS) {
      it(`${program}: the cause in a sentence, and the drawing`, async () => {
        await code.openFile(program);
        await code.command('Run Python File in Forkscope');
        const panel = await code.panel();
        await panel.locator('#tab-waits').click();
        await until(
          'the cause',
          () => panel.locator('.cause').allInnerTexts(),
          (texts) => texts.some((text) => sentence.test(text)),
        );
        const nodes = await panel.locator('svg.waits .process').count();
        const circle = await panel.locator('svg.waits .process.cycle').count();
        assert.ok(nodes >= 2 && circle >= 2, `${nodes} processes, ${circle} of them in a circle`);
        const words = await panel.locator('.waitList li').allInnerTexts();
        assert.ok(
          words.some((text) => /in a circle/.test(text) && /\.py:\d+/.test(text)),
          words.join('\n'),
        );
        await code.screenshot(`waits-${program.replace('.py', '')}-${look}`);
        await panel.locator('#tab-findings').click();
        await panel.locator('.finding.error', { hasText: 'What to do' }).first().waitFor();
        await code.screenshot(`findings-${program.replace('.py', '')}-${look}`);
        await code.command('Forkscope: Stop Session');
        await until(
          'its end',
          () => code.tree('Processes'),
          (rows) => rows.filter((row) => row.level === 1).every((row) => /exited|killed/.test(row.description)),
        );
        await code.command('Close All Ended Sessions');
        await until(
          'an empty view',
          () => code.tree('Processes'),
          (rows) => rows.length === 0,
        );
        await code.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
      });
    }
  });
}
