/**
 * Features of the Breakpoints view and the editor's margin: exceptions, functions, hit counts, log messages; disabled
 * ones state the reason.
 */
import assert from 'node:assert/strict';
import { until } from '../../shared/until';
import type { Ide } from './ide';

export const BREAKPOINTS = `import multiprocessing
import os
import queue
import sys


def fail():
    sys.exit(3)


if __name__ == "__main__":
    clumsy = multiprocessing.Process(target=fail, name="clumsy")
    clumsy.start()
    clumsy.join()
    small = multiprocessing.Queue(1)
    try:
        small.get(timeout=0.01)
    except queue.Empty:
        pass
    sys.stderr = open(os.devnull, "w")
    small.put(lambda: 0)
    tasks = multiprocessing.SimpleQueue()
    for number in range(1, 9):
        square = number * number
        tasks.put(square)
        got = tasks.get()
`;
const [START, JOIN, EMPTY, UNPICKLABLE, PLAIN, PUT, GET] = ['13', '14', '17', '21', 24, '25', 26] as const;

export function breakpoints(ide: Ide): void {
  const hover = async () => {
    const texts = await ide().code.page.locator('.monaco-hover:visible, .workbench-hover:visible').allInnerTexts();
    return texts.map((each) => each.replace(/\s+/g, ' '));
  };
  const glyph = (kind: string) =>
    ide()
      .code.page.locator(`.editor-instance .glyph-margin-widgets [class*="codicon-debug-breakpoint${kind}"]`)
      .first();

  /** By the pencil of a function breakpoint's row. */
  const edit = async (name: string, item: string, text: string) => {
    const { code, debug } = ide();
    const row = await debug.breakpoint(name);
    await row.hover();
    await row.locator('.action-label[aria-label^="Edit Condition"]').click();
    await code.chooseItem(item);
    await debug.type('breakpoints', text);
  };

  it('a process start is paused by the name of the call', async () => {
    const { debug } = ide();
    await debug.enlargeBreakpoints();
    await debug.breakAt('Process.start');
    await debug.start('kinds.py');
    await debug.stoppedAlone(/Paused on start/);
    await debug.standsAt(START);
  });

  it('a checkbox disabled for lack of a line debugger says so', async () => {
    const { code, debug } = ide();
    const uncaught = await debug.breakpoint('Uncaught exceptions');
    await uncaught.locator('.breakpoint.disabled').waitFor();
    await uncaught.hover();
    await until('the reason', hover, (all) => all.some((each) => /No line debugger runs/.test(each)));
    await code.screenshot('breakpoints-greyed');
    await (await debug.breakpoint('Every put and send')).hover();
    await until('what it is for', hover, (all) => all.some((each) => /before the message is sent/.test(each)));
  });

  it('filters are enabled one after the other, and pause', async () => {
    const { code, debug } = ide();
    for (const [filter, standing, line] of [
      ['Process exits with an error', /Paused on error exit/, JOIN],
      ['Queue Full, Empty and timeouts', /Paused on Empty/, EMPTY],
      ['Unpicklable item', /Paused on unpicklable/, UNPICKLABLE],
    ] as const) {
      await debug.tick(filter);
      await debug.press('Continue');
      await debug.stoppedAlone(standing);
      await debug.standsAt(line);
      await debug.tick(filter, false);
    }
    await code.screenshot('breakpoints-filter');
  });

  it('a function breakpoint gets a condition and then a hit count', async () => {
    const { code, debug } = ide();
    await debug.breakAt('tasks.put');
    await edit('tasks.put', 'Edit Condition', 'message > 1');
    await debug.press('Continue');
    await debug.stoppedAlone(/Paused on put/);
    await debug.standsAt(PUT);
    await debug.messageIs('put', '4');
    await edit('tasks.put', 'Edit Hit Count', '3');
    await debug.press('Continue');
    await debug.messageIs('put', '25');
    await code.screenshot('breakpoints-hits');
  });

  it('a log message of a line is in the debug console, and nothing pauses there', async () => {
    const { code, debug } = ide();
    await code.goToLine(GET);
    await code.command('Debug: Add Logpoint');
    await code.page.locator('.breakpoint-widget .monaco-editor.focused').waitFor();
    await code.page.keyboard.type('came: {message + 1');
    await code.page.keyboard.press('Enter');
    await glyph('-log').waitFor();
    await code.goToLine(PLAIN);
    await code.command('Debug: Toggle Breakpoint');
    await glyph('-unverified').waitFor();
    await glyph('-unverified').hover();
    await until('the reason', hover, (all) =>
      all.some((each) => /Stops only if this line sends, .* no line debugger runs/.test(each)),
    );
    await code.screenshot('breakpoints-unverified');
    await debug.press('Continue');
    await debug.ended();
    await code.command('Debug Console: Focus on Debug Console View');
    const said = await until(
      'the log messages',
      async () => (await code.page.locator('.repl .monaco-list-row').allInnerTexts()).join(' '),
      (text) => /came: 65/.test(text),
    );
    assert.deepEqual(said.match(/came: \d+/g), ['came: 26', 'came: 37', 'came: 50', 'came: 65']);
    await code.command('View: Toggle Panel Visibility');
    await code.command('Remove All Breakpoints');
  });
}
