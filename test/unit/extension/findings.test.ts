/** Which rows are marked with findings, and which findings show a notification. */

import { describe, expect, test } from 'vitest';
import { Notifier } from '../../../extension/findings/notifier';
import { findingsMarkdown, findingsOf, marked, markOf } from '../../../extension/views/findings';
import { processRow } from '../../../extension/views/labels';
import type { Finding } from '../../../server/protocol/views';
import type { SessionView } from '../../../server/shared/sessionView';
import { processMeta, processStatus, sessionMeta, sessionStatus } from './fixtures';

const finding = (given: Partial<Extract<Finding, { message: string }>> = {}): Finding => ({
  id: 'deadlock-1',
  code: 'deadlock',
  severity: 'error',
  message: 'a waits for b.',
  advice: 'Do not.',
  processes: ['a', 'b'],
  channels: ['q'],
  lines: [],
  sinceMs: 0,
  over: false,
  ...given,
});
const session = (findings: readonly Finding[], recorded = false): SessionView => ({
  id: 's',
  meta: sessionMeta({ recorded }),
  status: sessionStatus(),
  statusAt: 0,
  processes: new Map(),
  processStatus: new Map(),
  channels: new Map(),
  channelStatus: new Map(),
  pools: new Map(),
  poolStatus: new Map(),
  findings,
  developer: [],
  waitGraph: { nodes: [], edges: [], cycles: [] },
});

describe('marks', () => {
  const zombie = finding({ id: 'z', code: 'zombie', severity: 'info', processes: ['a'], channels: [] });
  const found = session([finding(), zombie]);
  test('a row has the findings that concern it, a session has all', () => {
    const codes = (node: Parameters<typeof findingsOf>[1]) => findingsOf(found, node).map((each) => each.code);
    expect(codes({ kind: 'session', sessionId: 's' })).toEqual(['deadlock', 'zombie']);
    expect(codes({ kind: 'process', sessionId: 's', processId: 'a' })).toEqual(['deadlock', 'zombie']);
    expect(codes({ kind: 'process', sessionId: 's', processId: 'b' })).toEqual(['deadlock']);
    expect(codes({ kind: 'process', sessionId: 's', processId: 'c' })).toEqual([]);
    expect(codes({ kind: 'channel', sessionId: 's', channelId: 'q' })).toEqual(['deadlock']);
    expect(codes({ kind: 'endpoint', sessionId: 's', channelId: 'q', index: 0 })).toEqual([]);
  });
  test('the worst one determines the mark, and a screen reader announces it', () => {
    expect(markOf([zombie, finding()])).toEqual({ severity: 'error', number: 2 });
    expect(markOf([])).toBeUndefined();
    const row = processRow(processMeta(), processStatus(), 0);
    expect(marked(row, [])).toBe(row);
    expect(marked(row, [zombie, finding()])).toMatchObject({
      mark: 'error 2',
      context: 'process.alive.found',
      spoken: 'MainProcess, process 4102, running, 2 findings',
    });
  });
  test('the tooltip has the escaped sentences, and links to them', () => {
    const text = findingsMarkdown(found, [finding({ message: 'a [x](command:y) *waits*' })]);
    expect(text).toContain('$(error) a \\[x\\]\\(command\\:y\\) \\*waits\\*');
    const [, link = ''] = /\(command:forkscope\.showFinding\?([^)]*)\)/.exec(text) ?? [];
    expect(JSON.parse(decodeURIComponent(link))).toEqual([{ sessionId: 's', findingId: 'deadlock-1' }]);
    const many = Array.from({ length: 8 }, (_, index) => finding({ id: String(index) }));
    expect(findingsMarkdown(found, many)).toMatch(/and 3 more$/);
  });
});

describe('notifications', () => {
  const warning = finding({ id: 'w', code: 'orphan', severity: 'warning' });
  const ids = (from: Notifier, about: 'errors' | 'all' | 'off', ...sessions: SessionView[]) =>
    from.take(sessions, about).map((each) => [each.finding.id, each.others]);

  test('an error is shown once, when it is first raised', () => {
    const notifier = new Notifier();
    expect(ids(notifier, 'errors', session([]))).toEqual([]);
    expect(ids(notifier, 'errors', session([warning, finding()]))).toEqual([['deadlock-1', 0]]);
    expect(ids(notifier, 'errors', session([warning, finding()]))).toEqual([]);
    expect(ids(notifier, 'errors', session([]))).toEqual([]);
    expect(ids(notifier, 'errors', session([finding()]))).toEqual([]);
  });
  test('several at once are one notification', () => {
    expect(ids(new Notifier(), 'all', session([finding(), warning]))).toEqual([['deadlock-1', 1]]);
  });
  test('recordings, resolved findings and a disabled setting show no notification', () => {
    expect(ids(new Notifier(), 'errors', session([finding()], true))).toEqual([]);
    expect(ids(new Notifier(), 'errors', session([finding({ over: true })]))).toEqual([]);
    const notifier = new Notifier();
    expect(ids(notifier, 'off', session([finding()]))).toEqual([]);
    // Findings raised before the setting was enabled show no notification.
    expect(ids(notifier, 'errors', session([finding()]))).toEqual([]);
  });
  test('a session that was closed and reopened starts over', () => {
    const notifier = new Notifier();
    ids(notifier, 'errors', session([finding()]));
    notifier.forget(['s']);
    expect(ids(notifier, 'errors', session([finding()]))).toEqual([['deadlock-1', 0]]);
  });
});
