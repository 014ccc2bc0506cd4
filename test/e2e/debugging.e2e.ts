/**
 * The debugger's buttons, the Breakpoints view and the menus on messages, in one VS Code; each part in its own file.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Debugger } from './debugger';
import { ACTING, acting } from './debugging/acting';
import { BREAKPOINTS, breakpoints } from './debugging/breakpoints';
import { KILLING, killing } from './debugging/killing';
import { PAUSING, pausing } from './debugging/pausing';
import { type Code, openCode } from './harness';

const PROGRAMS = {
  'rounds.py': PAUSING,
  'kinds.py': BREAKPOINTS,
  'acts.py': ACTING,
  'killed.py': KILLING,
};

describe('debugging messages in VS Code', function () {
  this.timeout(180_000);
  let code: Code;
  const ide = () => ({ code, debug: new Debugger(code) });
  before(async () => {
    code = await openCode({
      settings: {
        'forkscope.openPanelOnRun': false,
        'debug.internalConsoleOptions': 'neverOpen',
        'debug.toolBarLocation': 'floating',
      },
      height: 1100,
    });
    // Quick Open does not find at once what is written later.
    for (const [name, text] of Object.entries(PROGRAMS)) writeFileSync(join(code.folder, name), text);
    new Debugger(code).launchFileInFront();
    await code.command('View: Show Run and Debug');
  });
  after(async () => {
    await code?.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await code?.screenshot('failed-debugging');
  });

  describe('stepping out, pausing, freezing', () => pausing(ide));
  describe('the Breakpoints view', () => breakpoints(ide));
  describe('acting on messages', () => acting(ide));
  describe('killed processes', () => killing(ide));
});
