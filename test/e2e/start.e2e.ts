/** `npm start` as for a newcomer: an address that shows Forkscope with a script open, and Ctrl-C that ends it. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browse, ROOT, RunningCode } from './harness';

/** What every user of the machine can read about all processes. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      } catch {
        return ''; // it has ended
      }
    });
}

describe('npm start', function () {
  this.timeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), 'forkscope-start-'));
  let started: ChildProcess;
  let output = '';
  after(() => {
    started?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('opens the named script, with Forkscope, in a browser', async () => {
    const script = join(folder, 'mine.py');
    copyFileSync(join(ROOT, 'media/samples/fork.py'), script);
    started = spawn(process.execPath, [join(ROOT, 'scripts/start.mjs'), '--browser', script], {
      env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' },
    });
    const address = await new Promise<string>((resolve, reject) => {
      const take = (data: Buffer) => {
        output += data;
        const found = /http:\/\/127\.0\.0\.1:\S+/.exec(output);
        if (found !== null) resolve(found[0]);
      };
      started.stdout?.on('data', take);
      started.stderr?.on('data', take);
      started.once('exit', (status) => reject(new Error(`It ended with ${status}: ${output}`)));
    });
    const token = new URL(address).searchParams.get('tkn') ?? '';
    assert.match(token, /^[\da-f]{32}$/);
    if (process.platform === 'linux')
      assert.deepEqual(
        commandLines().filter((each) => each.includes(token)),
        [],
      );
    const { page, browser } = await browse(address, {});
    try {
      await page.locator('.tab', { hasText: 'mine.py' }).waitFor({ timeout: 60_000 });
      await page.locator('.activitybar [aria-label*="Forkscope"]').first().click();
      const code = new RunningCode(page, folder, async () => {});
      await code.command('Run Python File in Forkscope');
      await page.locator('.pane .monaco-list-row', { hasText: 'fork of mine.py' }).first().waitFor();
    } finally {
      await browser.close();
    }
  });

  it('exits on Ctrl-C', async () => {
    const ended = new Promise<number | null>((resolve) => started.once('exit', resolve));
    started.kill('SIGINT');
    assert.equal(await ended, 0, output);
  });

  it('reports a missing script', async () => {
    const child = spawn(process.execPath, [join(ROOT, 'scripts/start.mjs'), '--browser', join(folder, 'gone.py')]);
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
    });
    assert.notEqual(await new Promise((resolve) => child.once('close', resolve)), 0);
    assert.match(said, /There is no file .*gone\.py/);
  });
});
