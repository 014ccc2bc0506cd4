/**
 * What a user sees in the source, in a whole VS Code: faults of the text and their fixes, then the status of a running
 * program.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { until } from '../shared/until';
import { type Code, openCode } from './harness';
import { pictures } from './looks';

const FAULTS = `from multiprocessing import Pool, Process, Queue


def fetch(results):
    results.put("x" * 1_000_000)


def pages():
    results = Queue()
    worker = Process(target=fetch, args=(results,))
    worker.start()
    worker.join()
    if results.qsize() > 0:
        print(results.get())


def squares():
    pool = Pool(2)
    print(pool.map(abs, range(3)))
    pool.join()


if __name__ == "__main__":
    pages()
    squares()
`;
const POOL_JOIN = 20;

/** It continues, at its own pace, until a file "stop" exists. */
const RUNNING = `import multiprocessing
import os
import time


def produce(words):
    while not os.path.exists("stop"):
        words.put("word")
        time.sleep(0.01)
    for _ in range(2):
        words.put(None)


def consume(words):
    while words.get() is not None:
        time.sleep(0.03)


def report(orders):
    print(orders.recv())


def render(page):
    while not os.path.exists("stop"):
        time.sleep(0.02)
    return page


def main():
    pool = multiprocessing.Pool(2)
    rendered = pool.map_async(render, range(6), 1)
    words = multiprocessing.Queue(maxsize=10)
    orders, gives = multiprocessing.Pipe(duplex=False)
    workers = [
        multiprocessing.Process(target=consume, args=(words,), name="consumer-1"),
        multiprocessing.Process(target=consume, args=(words,), name="consumer-2"),
    ]
    for worker in workers:
        worker.start()
    reporter = multiprocessing.Process(target=report, args=(orders,), name="reporter")
    reporter.start()
    producer = multiprocessing.Process(target=produce, args=(words,), name="producer")
    producer.start()
    producer.join()
    gives.send("done")
    for worker in workers:
        worker.join()
    reporter.join()
    print(rendered.get())
    pool.close()
    pool.join()


if __name__ == "__main__":
    main()
`;
/** The expected lens above a line. */
const LENSES: readonly (readonly [line: string, lens: RegExp])[] = [
  ['pool = multiprocessing.Pool(2)', /^Pool: 2\/2 busy, 4 waiting$/],
  [
    'words = multiprocessing.Queue(maxsize=10)',
    /^depth \d+\/10( \(full\))? · [\d.]+ put\/s · 1 producer → 2 consumers$/,
  ],
  ['orders, gives = multiprocessing.Pipe(duplex=False)', /^0 sent, 0 received$/],
  ['worker.start()', /^2 processes, 2 alive$/],
  ['reporter.start()', /^reporter \(\d+\): blocked in orders\.recv\(\)$/],
];

describe('the source in VS Code', function () {
  this.timeout(240_000);
  let code: Code;
  let editor: Locator;
  before(async () => {
    code = await openCode({
      settings: {
        'forkscope.console': 'internalConsole',
        'debug.internalConsoleOptions': 'neverOpen',
        // Sticky lines above others could be mistaken for them.
        'editor.stickyScroll.enabled': false,
      },
    });
    writeFileSync(join(code.folder, 'faults.py'), FAULTS);
    writeFileSync(join(code.folder, 'running.py'), RUNNING);
    editor = code.page.locator('.editor-instance');
  });
  after(async () => {
    await code?.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await code.screenshot('failed-language');
  });

  const squiggles = (severity: string): Locator => editor.locator(`.squiggly-${severity}`);

  /** In the order of the lines. */
  async function boxes(all: Locator): Promise<{ x: number; y: number; width: number; height: number; text: string }[]> {
    const found = await all.evaluateAll((each) =>
      each.map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return { x, y, width, height, text: (one.textContent ?? '').replaceAll('\u00a0', ' ').trim() };
      }),
    );
    return found.sort((a, b) => a.y - b.y);
  }

  /** The lens above each line of the source that has one, by the line's text. */
  async function lenses(): Promise<Record<string, string>> {
    const lines = await boxes(editor.locator('.view-line'));
    const above: Record<string, string> = {};
    for (const lens of await boxes(editor.locator('.codelens-decoration'))) {
      const below = lines.find((line) => line.y + line.height / 2 > lens.y + lens.height);
      if (below !== undefined && lens.text !== '') above[below.text] = lens.text;
    }
    return above;
  }

  const right = (above: Record<string, string>): boolean =>
    LENSES.every(([line, lens]) =>
      Object.entries(above).some(([text, said]) => text.startsWith(line) && lens.test(said)),
    );

  async function lineWith(text: RegExp): Promise<string[]> {
    return (await boxes(editor.locator('.view-line'))).map((each) => each.text).filter((each) => text.test(each));
  }

  describe('of a text with faults', () => {
    before(async () => {
      await code.openFile('faults.py');
    });

    it('underlines them, as an error and warnings', async () => {
      await until(
        'two warnings',
        () => squiggles('warning').count(),
        (count) => count === 2,
      );
      assert.equal(await squiggles('error').count(), 1);
    });

    it('a hover shows the fault and the advice, with a link to the page of its code', async () => {
      const pool = (await boxes(squiggles('error'))).at(-1);
      assert.ok(pool);
      await code.page.mouse.move(pool.x + pool.width / 2, pool.y + pool.height / 2);
      const hover = code.page.locator('.monaco-hover', { hasText: 'pool-not-closed' });
      await hover.waitFor();
      assert.match(await hover.innerText(), /pool[\s\S]*joined[\s\S]*close\(\)[\s\S]*Forkscope/);
      const link = hover.locator('a', { hasText: /^pool-not-closed$/ });
      const address = (await link.getAttribute('data-href')) ?? (await link.getAttribute('href'));
      assert.match(address ?? '', /\/docs\/findings\/pool-not-closed\.md$/);
      await pictures(code, 'language-hover', ['dark', 'light']);
    });

    it('the Problems view lists them with the other lines involved', async () => {
      await code.command('Problems: Focus on Problems View');
      const rows = code.page.locator('.markers-panel .monaco-list-row');
      const texts = await until(
        'the faults and their related lines',
        async () => (await rows.allInnerTexts()).map((each) => each.replace(/\s+/g, ' ')),
        (all) =>
          all.filter((each) => /Forkscope [a-z-]+ \[Ln/.test(each)).length === 3 &&
          all.filter((each) => /^faults\.py \[Ln .* : /.test(each)).length === 4,
      );
      for (const wanted of ['join-before-drain', 'qsize-unreliable', 'pool-not-closed'])
        assert.equal(texts.filter((each) => each.includes(`Forkscope ${wanted} [Ln`)).length, 1, texts.join('\n'));
      await pictures(code, 'language-problems', ['dark', 'light']);
      await code.command('View: Hide Panel');
    });

    it('the keyboard opens the quick fixes at the line, Enter takes the first, and the file is right', async () => {
      await code.goToLine(POOL_JOIN);
      await code.page.keyboard.press('Home');
      await editor
        .locator('[class*="codicon-gutter-lightbulb"], .lightBulbWidget')
        .filter({ visible: true })
        .first()
        .waitFor();
      await code.page.keyboard.press('Control+.');
      const actions = code.page.locator('.action-widget .monaco-list-row.action');
      await actions.filter({ hasText: 'Mute pool-not-closed on this line' }).waitFor();
      await pictures(code, 'language-fixes', ['dark', 'light']);
      await code.page.keyboard.press('Enter');
      await until(
        'no error',
        () => squiggles('error').count(),
        (count) => count === 0,
      );
      await code.page.keyboard.press('Control+s');
      const fixed = FAULTS.replace('    pool.join()', '    pool.close()\n    pool.join()');
      await until(
        'the file',
        async () => readFileSync(join(code.folder, 'faults.py'), 'utf8'),
        (text) => text === fixed,
      );
    });
  });

  describe('of a running program', () => {
    before(async () => {
      await code.page.locator('.activitybar [aria-label*="Forkscope"]').first().click();
      await code.run('running.py');
      await code.page.locator('.tab', { hasText: 'running.py' }).first().click();
      await code.command('View: Hide Panel');
      await code.goToLine(36);
    });

    it('lenses show the status of each created object', async () => {
      await until('the lenses', lenses, right);
    });

    it('hints are at the blocked lines', async () => {
      await until(
        'the hints',
        () => lineWith(/blocked for \d/),
        (all) =>
          all.some((each) => /^producer\.join\(\).*\S+: blocked for \d+(\.\d)? s$/.test(each)) &&
          all.some((each) => /^print\(orders\.recv\(\)\).*reporter: blocked for \d+(\.\d)? s$/.test(each)),
      );
      await pictures(code, 'language-running', ['dark', 'light']);
    });

    it('they move when lines are inserted above', async () => {
      await code.goToLine(1);
      await code.page.keyboard.type('# one\n# two\n');
      await until(
        'the new lines',
        () => lineWith(/^# (one|two)$/),
        (all) => all.length === 2,
      );
      await code.goToLine(38);
      await until('the lenses two lines lower', lenses, right);
      await code.page.keyboard.press('Control+s');
      await until('the lenses of the saved file', lenses, right);
    });

    it('lenses show totals, hints are gone, and nothing is left when the session is closed', async () => {
      writeFileSync(join(code.folder, 'stop'), '');
      await until(
        'its end',
        () => code.tree('Processes'),
        (rows) => rows.some((row) => row.level === 1 && /exited/.test(row.description)),
      );
      await until(
        'no hints',
        () => lineWith(/blocked for/),
        (all) => all.length === 0,
      );
      await until(
        'what it came to',
        lenses,
        (above) =>
          Object.values(above).includes('2 processes, all exited 0') && Object.values(above).includes('Pool: 6 done'),
      );
      await pictures(code, 'language-ended', ['dark', 'light']);
      await code.command('Close All Ended Sessions');
      await until('no lenses', lenses, (above) => Object.keys(above).length === 0);
    });
  });
});
