/**
 * Actions on messages, and breakpoints created from them, in the menus of Variables, panel and tree; one focus across
 * all views.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../shared/until';
import type { Ide } from './ide';

export const ACTING = `import multiprocessing
import pathlib


def consume(tasks):
    seen = []
    while True:
        item = tasks.get()
        if item is None:
            break
        seen.append(item)
    pathlib.Path(__file__).with_name("acts.txt").write_text(str(seen))


if __name__ == "__main__":
    tasks = multiprocessing.Queue()
    consumer = multiprocessing.Process(target=consume, args=(tasks,), name="consumer")
    consumer.start()
    for number in range(1, 6):
        tasks.put({"number": number})
    tasks.put(None)
    consumer.join()
`;
const [GET, START, PUT] = ['8', '18', '20'];
const LIKE_THIS = "isinstance(message, dict) and set(message) == {'number'}";

export function acting(ide: Ide): void {
  const showDebugger = () => ide().code.command('View: Show Run and Debug');
  const showTree = () =>
    ide().code.page.locator('.activitybar .action-item:has([aria-label*="Forkscope"])').first().click();
  const panel = () => ide().code.panel();
  const texts = async (selector: string): Promise<string[]> => (await panel()).locator(selector).allInnerTexts();
  const held = async () => (await panel()).locator('.row.held').first();
  const input = () => ide().code.page.locator('.quick-input-widget input').first();
  /** The input box for a condition is prefilled with this one. */
  const offered = (condition: string) =>
    until(
      'the condition that is offered',
      () => input().inputValue(),
      (value) => value === condition,
    );
  /** In the tree of that title; the process, if its program has the same name. */
  const treeRow = (title: string, label: string) =>
    ide()
      .code.page.locator('.pane', { has: ide().code.page.locator('.pane-header', { hasText: title }) })
      .locator('.monaco-list-row', {
        has: ide().code.page.locator('.label-name', { hasText: new RegExp(`^${label}$`) }),
      })
      .last();
  const marked = (name: string) =>
    until(
      `${name} marked in the panel`,
      () => texts('.stops > ul > li.marked > .link'),
      (all) => all.length === 1 && all[0] === name,
    );

  it('Break on This Channel, from the tree', async () => {
    const { code, debug } = ide();
    await debug.breakAt('Process.start');
    await debug.start('acts.py');
    await debug.stoppedAlone(/Paused on start/);
    await debug.standsAt(START);
    await showTree();
    await code.chooseFor(treeRow('Channels', 'tasks'), 'Break on This Channel');
    await showDebugger();
    await debug.breakpoint(/^tasks/);
    await debug.press('Continue');
    await debug.choose('acts.py (pid', /Paused on put/, PUT);
    await debug.messageIs('put', "{'number': 1}");
  });

  it('delayed and duplicated, in the menu of the Variables view', async () => {
    const { code, debug } = ide();
    await code.chooseFor(debug.row('variables', /^message/), 'Delay Message');
    await input().fill('0.2');
    await input().press('Enter');
    await code.chooseFor(debug.row('variables', /^message/), 'Duplicate Message');
    await code.command('Forkscope: Open Panel');
    await until(
      'what is intended, in the panel',
      () => texts('.stops em'),
      (all) => all.includes('duplicated') && all.includes('delayed'),
    );
    await code.screenshot('acts-intended');
    await debug.press('Continue');
    await debug.choose('consumer (pid', /consumer \(pid \d+\)Paused on get/, GET);
    await debug.messageIs('get', "{'number': 1}");
    await until(
      'what was done, in the panel',
      () => texts('.stops .done summary'),
      (all) => all.includes('Your changes (2)'),
    );
  });

  it('a click on a paused process in the panel, the tree or the Call Stack selects it in the others', async () => {
    const { code, debug } = ide();
    await debug.stopped(/acts\.py \(pid \d+\)Paused on put/);
    await (await panel()).locator('.stops > ul > li > .link', { hasText: 'acts.py' }).click();
    await debug.standsAt(PUT);
    await marked('acts.py');
    await until(
      'acts.py selected in the tree',
      () => treeRow('Processes', 'acts.py').getAttribute('aria-selected'),
      (selected) => selected === 'true',
    );

    await treeRow('Processes', 'consumer').click();
    await debug.standsAt(GET);
    await marked('consumer');
    await showDebugger();
    await debug.messageIs('get', "{'number': 1}");

    await debug.choose('acts.py (pid', /Paused on put/, PUT);
    await marked('acts.py');
    await code.screenshot('acts-focus');
    await debug.choose('consumer (pid', /Paused on get/, GET);
  });

  it('edited and dropped, in the menu of the panel’s list of messages', async () => {
    const { code, debug } = ide();
    await code.chooseFor(await held(), 'Edit Message');
    await input().fill("{'number': message['number'] + 99}");
    await input().press('Enter');
    await debug.messageIs('get', "{'number': 100}");
    await debug.press('Continue');
    await debug.choose('consumer (pid', /Paused on get/, GET);
    await debug.messageIs('get', "{'number': 1}"); // the second of the two that were sent
    await code.chooseFor(await held(), 'Drop Message');
    await until(
      'the intent',
      () => texts('.stops em'),
      (all) => all.includes('dropped'),
    );
  });

  it('Break on Similar Messages, from the panel and the tree', async () => {
    const { code, debug } = ide();
    await code.chooseFor(await held(), 'Break on Similar Messages');
    await offered(LIKE_THIS);
    await input().fill("message['number'] == 4");
    await input().press('Enter');
    await debug.breakpoint("message['number'] == 4");
    await debug.tick(/^tasks$/, false);
    await debug.press('Continue All Processes');
    await debug.choose('acts.py (pid', /acts\.py \(pid \d+\)Paused on put/, PUT);
    await debug.messageIs('put', "{'number': 4}");
    await showTree();
    await code.chooseFor(treeRow('Processes', 'acts.py'), 'Break on Similar Messages');
    await offered(LIKE_THIS);
    await input().press('Escape');
    await code.screenshot('acts-tree');
    await showDebugger();
  });

  it('the program received the edited messages', async () => {
    const { code, debug } = ide();
    await code.command('Remove All Breakpoints');
    await debug.press('Continue All Processes');
    await debug.ended();
    const file = join(code.folder, 'acts.txt');
    const seen = [100, 2, 3, 4, 5].map((number) => `{'number': ${number}}`);
    assert.equal(existsSync(file) && readFileSync(file, 'utf8'), `[${seen.join(', ')}]`);
  });
}
