/**
 * The suite's entry point, called by VS Code: runs all tests with mocha, and reports to a file that the launcher
 * prints.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { formatWithOptions } from 'node:util';
import Mocha from 'mocha';

export async function run(): Promise<void> {
  const output = process.env['FORKSCOPE_TEST_OUTPUT'];
  const log = (text: string) => (output === undefined ? process.stdout.write(text) : appendFileSync(output, text));
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: 'spec', color: false });
  // Loaded once mocha's globals exist.
  mocha.suite.emit('pre-require', globalThis, 'suites', mocha);
  await import('./activation');
  await import('./samples');
  await import('./language');
  await import('./running');
  await import('./logs');
  // The reporters keep the console's log function from when they were loaded; this is their own way to redirect it.
  Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => log(`${formatWithOptions({ colors: false }, ...parts)}\n`);
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  const verdict = process.env['FORKSCOPE_TEST_VERDICT'];
  if (verdict !== undefined) writeFileSync(verdict, failures === 0 ? 'passed' : 'failed');
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
