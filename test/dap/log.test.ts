/**
 * The log of a session with a line debugger: which process joined, debugpy's answers for each breakpoint, where it
 * paused; and no data.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildServer } from '../shared/built';
import { Editor } from './client';
import { debugpyFor } from './debugpy';
import { pythons } from './pythons';

let built: string;
let folder: string;
beforeAll(async () => {
  built = await buildServer();
  folder = mkdtempSync(join(tmpdir(), 'forkscope-log-test-'));
});
afterAll(() => {
  for (const each of [built, folder]) rmSync(each, { recursive: true, force: true });
});

const SECRETS = ['val', 'con', 'exp', 'err', 'out'].map((each) => `${each}-s3cr3t`);
const [VALUE, CONDITION, EXPRESSION, ERROR, OUTPUT] = SECRETS;
const TEXT = `import multiprocessing
def work(number):
    value = {'${VALUE}': '${VALUE}'}
    print('${OUTPUT}')  # here
    try:
        raise KeyError('${ERROR}')  # raised
    except KeyError:
        pass
# nothing
if __name__ == '__main__':
    child = multiprocessing.get_context('spawn').Process(target=work, args=(1,), name='child-1')
    child.start()
    child.join()
`;
const lineOf = (part: string): number => TEXT.split('\n').findIndex((line) => line.includes(part)) + 1;

const { path: python } = pythons().at(-1) as { path: string };
const debugpy = debugpyFor(python);

describe.skipIf(debugpy === null)('with a line debugger', () => {
  test('the sequence of events of a breakpoint in a child', async () => {
    const file = join(folder, 'program.py');
    writeFileSync(file, TEXT);
    const editor = Editor.start(join(built, 'cli.js'));
    await editor.begin(
      { program: file, python, debugpy, lineDebugging: 'on', trace: 'verbose' },
      {
        filters: ['raised'],
        lines: {
          file,
          breakpoints: [
            { line: lineOf('# here'), condition: `number == 1 and "${CONDITION}"` },
            { line: lineOf('try:'), condition: `{}["${ERROR}"]` },
          ],
        },
      },
    );
    const place = await editor.place();
    expect(place.line).toBe(lineOf('# here'));
    await editor.scope(place, 'Locals');
    await editor.evaluate(place, `"${EXPRESSION}"`);
    await editor.continueRequest({ threadId: place.threadId });
    const raised = await editor.place();
    expect(raised.line).toBe(lineOf('# raised'));
    await editor.exceptionInfoRequest({ threadId: raised.threadId });
    await editor.continueRequest({ threadId: raised.threadId });
    await editor.take('terminated');
    const path = /writes a log of this session to (\S+)\.\n/.exec(editor.output())?.[1] ?? '';
    await editor.end();
    const log = readFileSync(path, 'utf8');
    rmSync(join(path, '..'), { recursive: true, force: true });
    const child = /stop: pid (\d+) stops by breakpoint #\d+ at .*program\.py:4, as thread \d+/.exec(log)?.[1];
    for (const each of [
      /line debugger: debugpy for \S+: \S+debugpy/,
      /breakpoint: #1 in .*program\.py:4 is not verified: No process has joined/,
      new RegExp(`line debugger: pid ${child} joined; files with breakpoints: .*program\\.py`),
      new RegExp(`breakpoint: .*program\\.py in pid ${child}: #1 line 4 verified, #2 line 5 verified`),
      new RegExp(`line debugger: pid ${child} is debugged by line`),
      new RegExp(`debugpy ${child}: ← request \\d+ setBreakpoints .*"condition":"<\\d+ characters>"`),
      new RegExp(`debugpy ${child}: → event stopped .*"reason":"breakpoint"`),
      new RegExp(`stop: the condition of #2 failed in pid ${child}: KeyError`),
      new RegExp(`stop: pid ${child} stops by exception at .*program\\.py:6`),
      new RegExp(`line debugger: pid ${child} left`),
    ])
      expect(log).toMatch(each);
    for (const each of SECRETS) expect(log.split('\n').filter((line) => line.includes(each))).toEqual([]);
  });
});
