import { describe, expect, test } from 'vitest';
import { darkSentence, darkText } from '../../../../extension/views/dark';
import { processRow } from '../../../../extension/views/labels';
import { processTooltip } from '../../../../extension/views/tooltips';
import { details } from '../../../../server/cli/text';
import { applyImage } from '../../../../server/core/model/apply/image';
import { applyRecord } from '../../../../server/core/model/apply/record';
import { runsPython } from '../../../../server/core/model/entities/commandLine';
import { Deltas } from '../../../../server/core/model/project/deltas';
import { processMeta as metaOf } from '../../../../server/core/model/project/processes';
import { sessionStatus } from '../../../../server/core/model/project/session';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import { makeReport } from '../../../../server/engine/report/report';
import { DARK, DARK_REASONS } from '../../../../server/protocol/dark';
import { applyDelta, type SessionView, type SessionViews } from '../../../../server/shared/sessionView';
import { processMeta, processStatus } from '../../extension/fixtures';
import { META } from '../../fakes/session';

/** A program that starts one child, pid 2. */
function started(type: 'spawn' | 'fork', fields: object) {
  const model = new SessionModel(META);
  const main = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, main, { type: 'process', t: 1000, argv: ['python3', 's.py'], python: '3.11' });
  applyRecord(model, main, { type, t: 2000, pid: 2, loc: 0, call: 'subprocess', ...fields });
  const child = model.processes.latest(2);
  if (child === null) throw new Error('the child is not known');
  const end = () => applyRecord(model, main, { type: 'reap', t: 3000, pid: 2, code: 0, signal: null });
  return { model, main, child, end };
}
const argv = ['/usr/bin/python3.11', 'x.py'];

describe('a Python process that is not recorded', () => {
  test("is reported as soon as its starter's record is read", () => {
    const { child, model } = started('spawn', { argv: ['python3', '-I', 'x.py'], dark: 'isolated' });
    expect(child.dark).toBe('isolated');
    expect(metaOf(model, child).dark).toBe('isolated');
    const fork = started('fork', { dark: 'other-user' });
    expect(fork.child.dark).toBe('other-user');
  });

  test('is assumed if it ended, or lived long, without a journal', () => {
    const { child, end, model } = started('spawn', { argv });
    expect(child.dark).toBeNull();
    const deltas = new Deltas(model);
    deltas.take(0);
    end();
    expect(child.dark).toBe('silent');
    expect(deltas.take(0)?.processes?.map((each) => each.dark)).toEqual(['silent']);
    const alive = started('spawn', { argv }).child;
    alive.silent = true;
    expect(alive.dark).toBe('silent');
  });

  test('is no longer assumed once its journal begins', () => {
    const { child, end, model } = started('spawn', { argv });
    applyImage(model, 2, 2, 0, 2500, 1);
    end();
    expect(child.dark).toBeNull();
    expect(metaOf(model, child)).not.toHaveProperty('dark');
  });

  test('may be what a recorded process becomes by exec', () => {
    const { child, end, model } = started('fork', {});
    const image = applyImage(model, 2, 2, 1, 2100, 1);
    applyRecord(model, image, { type: 'process', t: 2100, argv: ['python3', 's.py'], python: '3.11', loc: 0 });
    applyRecord(model, image, { type: 'exec', t: 2200, argv: ['python3', '-S', 'x.py'], loc: 0, dark: 'no-site' });
    expect(child.dark).toBe('no-site');
    applyRecord(model, image, { type: 'execFailed', t: 2300, loc: 0, error: 'OSError' });
    expect(child.dark).toBeNull();
    applyRecord(model, image, { type: 'exec', t: 2400, argv: ['ls'], loc: 0 });
    end();
    expect(child.dark).toBeNull();
  });

  test('has only known reasons', () => {
    expect(started('spawn', { argv: ['ls'], dark: '<b>' }).child.dark).toBeNull();
  });
});

test.each([
  ['python x.py', true],
  ['/opt/pypy3.10/bin/pypy3 -m x', true],
  ['python3.13t -c 0', true],
  ['C:\\py\\python.exe x.py', process.platform === 'win32'],
  ['env -i A=1 /usr/bin/python3 x.py', true],
  ['nice -n 5 python3 x.py', true],
  ['env grep python', false],
  ['env', false],
  ['python3 --version', false],
  ['python3 -V', false],
  ['python-config --libs', false],
  ['timeout 5 python3 x.py', false],
  ['sh -c python', false],
])('%s runs Python: %s', (line, expected) => {
  expect(runsPython(line.split(' '))).toBe(expected);
});

test('report, terminal and tree show the reason', () => {
  const { model, end } = started('spawn', { argv: ['python3', '-E', 'x.py'], dark: 'ignores-environment' });
  end();
  const report = makeReport(model, 1, []);
  expect(report.processes.map((each) => each.dark)).toEqual([null, 'ignores-environment']);
  expect(details(report, [])).toContain(`\n      ${DARK['ignores-environment']}\n`);
  for (const why of DARK_REASONS) {
    expect(darkSentence(why)).toBe(DARK[why]);
    const row = processRow(processMeta({ dark: why }), processStatus(), 0);
    expect(row.description).toContain(` · ${darkText(why)} · pid`);
    expect(row.spoken).toContain(darkText(why));
  }
  const views: SessionViews = new Map();
  applyDelta(views, new Deltas(model).full(0), 0);
  const view = [...views.values()][0] as SessionView;
  expect(processTooltip(view, processMeta({ dark: 'silent' }), processStatus(), 0)).toContain('never loaded');
});

test('memory locked by a program is shown with the original amount', () => {
  const { main, model } = started('fork', {});
  applyRecord(model, main, { type: 'diag', t: 2000, code: 'locked:memory', text: '305' });
  expect(sessionStatus(model, 0).warnings).toEqual([expect.stringContaining('Process 1 kept 305 MB of memory locked')]);
});
