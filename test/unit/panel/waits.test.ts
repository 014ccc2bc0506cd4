/** The drawing of the waits: its parts, their texts, their positions. */

import { describe, expect, test } from 'vitest';
import { groupEquivalentNodes } from '../../../media/panel/state/equivalentNodes';
import { headOf, layOut, pathOf } from '../../../media/panel/state/layout';
import { applyUpdate } from '../../../media/panel/state/sessions';
import { drawingOf } from '../../../media/panel/state/waits';
import { arrowText, cut, nodeDetail, nodeName, pillSentence } from '../../../media/panel/state/waitText';
import type { ProcessStatus, Wait, WaitEdge, WaitGraph } from '../../../server/protocol/views';
import { type SessionView, sessionTime } from '../../../server/shared/sessionView';
import { line, processMeta, processStatus, sessionMeta, sessionStatus, wait } from '../extension/fixtures';

const edge = (from: string, to: string, given: Partial<WaitEdge> = {}): WaitEdge => ({
  from,
  to,
  operation: 'get',
  on: 'tasks',
  channelId: 'c1',
  sinceMs: 1000,
  line,
  thread: 'MainThread',
  real: true,
  why: 'can put into it',
  ...given,
});

function session(edges: WaitEdge[], cycles: string[][] = [], more: Partial<ProcessStatus>[] = []): SessionView {
  const ids = [...new Set(edges.flatMap((each) => [each.from, each.to]))];
  const dead = (id: string) => more.some((each) => each.id === id && each.state === 'killed');
  const waitGraph: WaitGraph = {
    nodes: ids.map((processId) => ({
      processId,
      dead: dead(processId),
      stuck: cycles.some((all) => all.includes(processId)),
    })),
    edges,
    cycles,
  };
  const sessions = new Map<string, SessionView>();
  const all = [...new Set([...ids, ...more.map((each) => each.id ?? '')])];
  applyUpdate(sessions, {
    version: 1,
    closed: [],
    sessions: [
      {
        id: 's',
        full: true,
        meta: sessionMeta(),
        status: sessionStatus(),
        processes: all.map((id, index) => processMeta({ id, name: id, pid: 100 + index })),
        processStatus: all.map((id) =>
          processStatus({
            id,
            state: edges.some((each) => each.from === id) ? 'waiting' : 'running',
            ...more.find((each) => each.id === id),
          }),
        ),
        waitGraph,
      },
    ],
  });
  return sessions.get('s') as SessionView;
}
const waiting = (id: string, given: Partial<Wait> = {}): Partial<ProcessStatus> => ({
  id,
  state: 'waiting',
  waits: [wait(given)],
});

describe('what is drawn', () => {
  test('two that wait for each other: a deadlock cycle, completely marked', () => {
    const found = drawingOf(
      session(
        [edge('main', 'w', { operation: 'join', on: 'w', why: 'is to end' }), edge('w', 'main')],
        [['main', 'w']],
      ),
    );
    expect(found.nodes.map((each) => [each.id, each.cycle, each.stuck])).toEqual([
      ['main', true, true],
      ['w', true, true],
    ]);
    expect(found.pills.map((each) => [each.node, each.operation, each.cycle, each.end])).toEqual([
      ['main', 'join', true, 'known'],
      ['w', 'get', true, 'known'],
    ]);
    expect(found.arrows.map((each) => [each.to, each.cycle])).toEqual([
      ['w', true],
      ['main', true],
    ]);
  });
  test('one wait that several could end is one pill with an arrow to each', () => {
    const found = drawingOf(session([edge('w', 'a'), edge('w', 'b')]));
    expect(found.pills).toHaveLength(1);
    expect(found.arrows.map((each) => each.to)).toEqual(['a', 'b']);
  });
  test('a hundred workers with the same wait that could feed each other are one node', () => {
    const workers = Array.from({ length: 120 }, (_, index) => `worker-${index + 1}`);
    const edges = workers.flatMap((from) =>
      ['main', ...workers].filter((to) => to !== from).map((to) => edge(from, to)),
    );
    const view = session(edges);
    const found = drawingOf(view);
    expect(found.nodes.map((each) => each.processes.length).sort()).toEqual([1, 120]);
    expect(found.pills).toHaveLength(1);
    const group = found.nodes.find((each) => each.processes.length > 1);
    expect(group && nodeName(view, group)).toBe('120 × worker');
    expect(found.pills[0] && pillSentence(view, found, found.pills[0], 5000)).toBe(
      '120 × worker: tasks.get() (for 4.0 s)',
    );
  });
  test('a process that another one waits for is not grouped', () => {
    const workers = Array.from({ length: 6 }, (_, index) => `w${index}`);
    const found = drawingOf(
      session([
        ...workers.map((each) => edge(each, 'main')),
        edge('main', 'w0', { operation: 'join', on: 'w0', why: 'is to end' }),
      ]),
    );
    expect(found.nodes.map((each) => each.processes.length).sort()).toEqual([1, 1, 5]);
  });
  test('a wait without a live blocker, and one with unknown blockers, have no arrows and say so', () => {
    const found = drawingOf(session([], [], [waiting('a', { blockers: [] }), waiting('b')]));
    expect(found.pills.map((each) => [each.node, each.end])).toEqual([
      ['a', 'none'],
      ['b', 'unknown'],
    ]);
    expect(found.arrows).toEqual([]);
  });
  test("a library's own wait, which has no line, is omitted", () => {
    expect(drawingOf(session([], [], [waiting('a', { line: null })])).pills).toEqual([]);
  });
  test('a wait with a timeout differs from one without, and is never part of a deadlock cycle', () => {
    const found = drawingOf(session([edge('a', 'b', { real: false }), edge('b', 'a')], [['a', 'b']]));
    expect(found.pills.map((each) => [each.real, each.cycle])).toEqual([
      [false, false],
      [true, true],
    ]);
  });
  test("a finding's drawing has only its processes", () => {
    const view = session([edge('a', 'b'), edge('c', 'b')]);
    expect(drawingOf(view, ['a', 'b']).nodes.map((each) => each.id)).toEqual(['a', 'b']);
  });
  test('is the same object until something changes', () => {
    const view = session([edge('a', 'b')], [], [waiting('c')]);
    const first = drawingOf(view);
    expect(drawingOf(view)).toBe(first);
    view.processStatus.set('c', processStatus({ id: 'c' }));
    expect(drawingOf(view)).not.toBe(first);
    expect(drawingOf(view).nodes.map((each) => each.id)).toEqual(['a', 'b']);
  });
});

describe('groupEquivalentNodes', () => {
  test('a ring is not a group, though each member looks like the next', () => {
    const ring = ['a', 'b', 'c', 'd', 'e'];
    const edges = ring.map((from, index) => ({ from, to: ring[(index + 1) % 5] ?? '', label: 'acquire' }));
    expect(groupEquivalentNodes(ring, () => '', edges)).toHaveLength(5);
  });
  test('four that wait for each other are one, and so are four that do not; fewer are separate', () => {
    const all = ['a', 'b', 'c', 'd'];
    const clique = (ids: string[]) =>
      ids.flatMap((from) => ids.filter((to) => to !== from).map((to) => ({ from, to, label: 'x' })));
    expect(groupEquivalentNodes(all, () => '', clique(all))).toEqual([all]);
    expect(groupEquivalentNodes(all, () => '', [])).toEqual([all]);
    expect(groupEquivalentNodes(['a', 'b'], () => '', clique(['a', 'b']))).toEqual([['a'], ['b']]);
    expect(groupEquivalentNodes(['a', 'b', 'c'], () => '', [])).toHaveLength(3);
  });
});

describe('positions', () => {
  const size = { width: 100, height: 40 };
  const twoCircles = drawingOf(
    session(
      [edge('a', 'b'), edge('b', 'a', { on: 'answers' }), edge('c', 'd'), edge('d', 'c', { on: 'answers' })],
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ),
  );
  test.each([300, 2000])('nothing overlaps, everything is inside, %i wide', (width) => {
    const placed = layOut(twoCircles, () => size, width);
    const boxes = [...placed.boxes.values()];
    expect(boxes).toHaveLength(8);
    for (const [index, one] of boxes.entries()) {
      expect(one.x - one.width / 2).toBeGreaterThanOrEqual(0);
      expect(one.x + one.width / 2).toBeLessThanOrEqual(placed.width);
      expect(one.y + one.height / 2).toBeLessThanOrEqual(placed.height);
      for (const other of boxes.slice(index + 1)) {
        const apart = Math.abs(one.x - other.x) >= size.width || Math.abs(one.y - other.y) >= size.height;
        expect(apart).toBe(true);
      }
    }
  });
  test('parts are next to each other if there is room, else below', () => {
    expect(layOut(twoCircles, () => size, 2000).height).toBeLessThan(layOut(twoCircles, () => size, 300).height);
  });
  test('every line has points, and only those to blockers have a head', () => {
    const placed = layOut(twoCircles, () => size);
    expect(placed.routes).toHaveLength(8);
    for (const each of placed.routes) {
      expect(each.points.length).toBeGreaterThan(1);
      expect(pathOf(each.points)).toMatch(/^M[\d.,]+ [QL]/);
    }
    expect(placed.routes.filter((each) => each.arrow !== null)).toHaveLength(4);
  });
  test('paths of few points', () => {
    expect(pathOf([])).toBe('');
    expect(
      pathOf([
        { x: 0, y: 0 },
        { x: 0, y: 10 },
      ]),
    ).toBe('M0,0 L0,10');
    expect(headOf([{ x: 0, y: 0 }])).toBe('');
    expect(
      headOf([
        { x: 0, y: 0 },
        { x: 0, y: 10 },
      ]),
    ).toMatch(/^M0,10 L.* Z$/);
  });
});

describe('texts', () => {
  test('a dead owner is named as such', () => {
    const view = session(
      [edge('w', 'owner', { operation: 'acquire', on: 'lock', why: 'holds it' })],
      [],
      [{ id: 'owner', state: 'killed', signal: 'SIGKILL' }],
    );
    const found = drawingOf(view);
    const owner = found.nodes.find((each) => each.id === 'owner');
    expect(owner && nodeDetail(view, owner)).toBe('pid 101 · killed by SIGKILL');
    expect(found.arrows[0] && arrowText(view, found, found.arrows[0])).toBe('owner (holds it) but it has exited');
  });
  test('timeouts, waits without a live blocker, and how many threads', () => {
    const view = session(
      [edge('a', 'b', { real: false }), edge('a', 'b', { real: false, thread: 'T2', sinceMs: 500 })],
      [],
      [waiting('c', { blockers: [] })],
    );
    const found = drawingOf(view);
    expect(found.pills.map((each) => pillSentence(view, found, each, 2500))).toEqual([
      'a: tasks.get() (2 threads · for 2.0 s · has a timeout)',
      'c: tasks.get() (for 0.7 s · no live process can unblock it)',
    ]);
  });
  test('long names', () => {
    expect(cut('a'.repeat(40), 11)).toBe(`${'a'.repeat(5)}…${'a'.repeat(5)}`);
  });
  test('the clock continues in a live session and is frozen in an ended one', () => {
    const view = session([]);
    expect(sessionTime(view, view.statusAt + 1500)).toBe(6500);
    view.status = sessionStatus({ state: 'ended' });
    expect(sessionTime(view, view.statusAt + 1500)).toBe(5000);
  });
});

test('a process paused by a debugger: shown with its line, also in the sentence of processes that wait for it', () => {
  const paused = { id: 'worker', state: 'paused', pausedAt: line } as const;
  const shown = session([edge('main', 'worker', { operation: 'join', on: 'worker', why: 'is to end' })], [], [paused]);
  const drawing = drawingOf(shown);
  const node = drawing.nodes.find((each) => each.id === 'worker');
  expect(node && nodeDetail(shown, node)).toMatch(/^pid \d+ · paused at pipeline\.py:12$/);
  expect(drawing.arrows.map((each) => arrowText(shown, drawing, each))).toEqual([
    'worker (has to exit), paused at pipeline.py:12',
  ]);
});
