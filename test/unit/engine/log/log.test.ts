/** The log of a process: off and on, levels, and the format of its lines. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { errorText, Log, pythonErrorName } from '../../../../server/engine/log/log';
import { Workplace } from '../../../shared/workplace';

const place = new Workplace();
afterAll(() => place.dispose());
const me = {};
const other = {};
let log: Log;
let number = 0;
let folder = '';
beforeEach(() => {
  number += 1;
  folder = place.path(`logs${number}`);
  log = new Log();
  log.role = 'language server';
  log.useFolder(folder);
});
afterEach(() => {
  log.stop(me);
  log.stop(other);
});

/** The lines after the head. */
function lines(path: string): string[] {
  const all = readFileSync(path, 'utf8').trimEnd().split('\n');
  return all.slice(all.indexOf('') + 1);
}
const without = (line: string): string => line.replace(/^\S+ /, '');

test('off: there is no file, no text is built, and no listener remains', () => {
  const before = process.listenerCount('exit');
  let made = 0;
  log.note('topic', () => String(made++));
  log.swallowed('doing', new Error('no'));
  log.dap('dap', '→', { type: 'event' });
  log.rpc('→', { method: 'x' }, new Map());
  expect([made, log.isOn, log.path]).toEqual([0, false, null]);
  expect(() => readdirSync(folder)).toThrow();
  log.start(me, 'messages');
  log.stop(me);
  log.note('topic', () => String(made++));
  expect([made, log.isOn, process.listenerCount('exit')]).toEqual([0, false, before]);
});

test('its head states the contents, the writer, and that it is our file', () => {
  const path = log.start(me, 'messages');
  log.stop(me);
  const text = readFileSync(path, 'utf8');
  expect(text).toMatch(/^forkscope log 1\n/);
  expect(text).toMatch(/It does not hold: contents of messages/);
  expect(text).toContain(`language server, pid ${process.pid}`);
  expect(text).toContain(`Node ${process.versions.node}`);
});

test('a line has a time, a topic and one line of plain text, and is bounded', () => {
  const path = log.start(me, 'messages');
  log.note('stop', 'two\nlines \x1b[31m');
  log.note('long', 'x'.repeat(20_000));
  log.note('wrong', () => {
    throw new TypeError('broken');
  });
  log.stop(me);
  const [, stop = '', long = '', wrong = ''] = lines(path);
  expect(stop).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z stop: two\\nlines \\x1b\[31m$/);
  expect(long.length).toBeLessThan(8100);
  expect(long).toMatch(/x… \(20000 characters\)$/);
  expect(without(wrong)).toBe('log: no text for wrong: TypeError: broken');
});

test('the highest requested level applies, and the last requester switches it off', () => {
  const path = log.start(me, 'messages');
  log.detail('d', 'one');
  expect(log.start(other, 'verbose', place.path('ignored.log'))).toBe(path);
  log.detail('d', 'two');
  log.stop(other);
  log.detail('d', 'three');
  log.note('n', 'four');
  log.stop(me);
  expect(lines(path).map(without)).toEqual([
    'log: level messages',
    'log: level verbose',
    'd: two',
    'log: level messages',
    'n: four',
    'log: ends: nobody wants it any more',
  ]);
  expect(readdirSync(folder)).toHaveLength(1);
  // Switched on again it uses another file, so that nothing is lost.
  expect(log.start(me, 'messages')).not.toBe(path);
});

test('updates are logged at the level verbose only, in numbers', () => {
  const update = {
    method: 'forkscope/update',
    params: { sessions: [{ id: 's1', full: true, processes: [{ name: 'secret' }] }], closed: [] },
  };
  const path = log.start(me, 'messages');
  log.rpc('→', update, new Map());
  log.start(me, 'verbose');
  log.rpc('→', update, new Map());
  log.stop(me);
  expect(
    lines(path)
      .filter((line) => line.includes('lsp'))
      .map(without),
  ).toEqual(['lsp: → notification forkscope/update s1 whole (1 processes)']);
});

test('errors are logged without the text they quote', () => {
  let error: unknown;
  try {
    JSON.parse('secret-word {');
  } catch (each) {
    error = each;
  }
  expect(errorText(error)).toBe('SyntaxError in what was read');
  expect(errorText(new Error('ENOENT: nothing there'))).toBe('ENOENT: nothing there');
  expect(errorText(new RangeError('large'))).toBe('RangeError: large');
  expect(errorText({ secret: 1 })).toBe('no error but object');
  expect(pythonErrorName("KeyError: 'secret'")).toBe('KeyError');
  expect(pythonErrorName("'secret'")).toBe('an error');
});
