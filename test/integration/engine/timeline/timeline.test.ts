/** What the timeline shows of real programs, whose own clock says what was when. */
import { afterAll, describe, expect, test } from 'vitest';
import { sourceAt } from '../../../../server/engine/session/open';
import { Session } from '../../../../server/engine/session/session';
import type { TimelineParams } from '../../../../server/protocol/requests';
import type { TimelineResult } from '../../../../server/protocol/timeline';
import * as lanes from '../../../../server/shared/lanes';
import { unpackDepths, unpackRuns } from '../../../../server/shared/packed';
import { Workplace } from '../../../shared/workplace';
import { start, until } from '../session/programs';

const place = new Workplace();
afterAll(() => place.dispose());

/** Runs a program to its end. It writes moments by its own monotonic clock, as `name=ns` in lines of its own. */
async function run(program: string, options = ''): Promise<{ session: Session; at(name: string): number }> {
  const before = process.env['FORKSCOPE_OPTIONS'];
  if (options !== '') process.env['FORKSCOPE_OPTIONS'] = options;
  const running = start(place.write('program.py', program));
  if (before === undefined) delete process.env['FORKSCOPE_OPTIONS'];
  else process.env['FORKSCOPE_OPTIONS'] = before;
  let said = '';
  running.child.stdout?.on('data', (data: Buffer) => {
    said += data.toString();
  });
  await running.ended;
  const session = new Session(await sourceAt(running.folder));
  await until('all is read', async () => {
    await session.refresh();
    return session.finished;
  });
  const at = (name: string): number => {
    const ns = new RegExp(`^${name}=(\\d+)$`, 'm').exec(said)?.[1];
    if (ns === undefined) throw new Error(`The program did not say ${name}: ${said}`);
    return (Number(ns) - session.model.origin) / 1e6;
  };
  return { session, at };
}

function whole(session: Session): TimelineResult {
  const { model } = session;
  const params: Omit<TimelineParams, 'sessionId'> = {
    fromMs: 0,
    toMs: session.status.durationMs,
    pixels: 2000,
    processes: model.processes.all.map((each) => each.id),
    channels: model.channels.all.map((each) => each.id),
    messages: true,
    library: false,
  };
  return session.timeline(params);
}

/** State of a process's lane at a moment, ms; null: it has none there. */
function stateAt(picture: TimelineResult, processId: string, ms: number): number | null {
  const column = Math.floor((ms - picture.fromMs) / picture.columnMs);
  const runs = unpackRuns(picture.lanes.find((each) => each.processId === processId)?.runs ?? '');
  return runs.find((each) => each.first <= column && column < each.end)?.state ?? null;
}

function processNamed(session: Session, name: string): string {
  return session.model.processes.all.find((each) => each.name === name)?.id ?? '';
}

const SLOW = `
import multiprocessing, sys, time
def say(name):
    sys.stdout.write("%s=%d\\n" % (name, time.monotonic_ns()))
    sys.stdout.flush()
def consume(tasks, go):
    say("asks")
    tasks.get()
    say("got")
    go.wait()
    for _ in range(4):
        tasks.get()
def main():
    multiprocessing.set_start_method("fork")
    tasks, go = multiprocessing.Queue(2), multiprocessing.Event()
    child = multiprocessing.Process(target=consume, args=(tasks, go), name="consumer")
    child.start()
    time.sleep(0.4)
    for item in range(3):
        tasks.put(item)
    say("full")
    import threading
    threading.Timer(0.4, go.set).start()
    tasks.put(3)
    say("room")
    tasks.put(4)
    child.join()
    say("joined")
if __name__ == "__main__":
    main()
`;

describe.skipIf(process.platform === 'win32')('the timeline of a slow consumer', async () => {
  const { session, at } = await run(SLOW);
  afterAll(() => session.dispose(true));
  const main = session.model.main?.id ?? '';
  const consumer = processNamed(session, 'consumer');
  const picture = whole(session);
  const halfway = (a: string, b: string): number => (at(a) + at(b)) / 2;

  test('lanes say where each process was blocked, and when not', () => {
    expect(stateAt(picture, consumer, halfway('asks', 'got'))).toBe(lanes.GET);
    expect(stateAt(picture, main, halfway('asks', 'got'))).toBe(lanes.RUNNING);
    expect(stateAt(picture, main, halfway('full', 'room'))).toBe(lanes.PUT);
    expect(stateAt(picture, consumer, halfway('full', 'room'))).toBe(lanes.WAIT);
    expect(stateAt(picture, consumer, at('joined') + 1)).toBeNull();
  });

  test('depths are what was in the queue', () => {
    const [depth] = picture.depths;
    expect(depth?.before).toBe(0);
    expect(depth?.most).toBe(2);
    const columns = unpackDepths(depth?.columns ?? '');
    const column = (halfway('full', 'room') - picture.fromMs) / picture.columnMs;
    expect(columns.findLast((each) => each.column <= column)?.last).toBe(2);
    expect(columns.at(-1)?.last).toBe(0);
  });

  test('each message is one arrow', () => {
    const { arrows, bundles, leftOut } = picture.messages ?? { arrows: [], bundles: [], leftOut: -1 };
    expect(arrows.map(({ from, to }) => [from, to])).toEqual(Array(5).fill([main, consumer]));
    for (const { sentMs, receivedMs } of arrows) expect(receivedMs).toBeGreaterThanOrEqual(sentMs);
    expect([bundles.length, leftOut]).toEqual([0, 0]);
  });

  test('a moment says what each process was in, and what each queue held', () => {
    const moment = session.moment(halfway('full', 'room'));
    const found = (id: string) => moment.processes.find((each) => each.processId === id);
    expect(found(main)).toMatchObject({ state: 'waiting', wait: { operation: 'put', on: 'tasks' } });
    expect(Math.abs((found(main)?.untilMs ?? 0) - at('room'))).toBeLessThan(20);
    expect(found(consumer)).toMatchObject({ state: 'waiting', wait: { operation: 'wait', on: 'go' } });
    const [tasks] = moment.channels;
    expect(tasks?.depth).toBe(2);
    expect(tasks?.items).toEqual([1, 2]);
    expect(session.moment(at('asks') - 1).processes.find((each) => each.processId === consumer)?.state).not.toBe(
      'ended',
    );
    expect(session.moment(-1).processes.every((each) => each.state === 'unborn')).toBe(true);
    const after = session.moment(session.status.durationMs + 1);
    expect(after.processes.every((each) => each.state === 'ended')).toBe(true);
    expect(after.channels.every((each) => each.depth === 0)).toBe(true);
  });
});

const MANY = `
import multiprocessing
def answer(tasks, answers):
    for _ in range(4000):
        answers.put(tasks.get())
if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    tasks, answers = multiprocessing.SimpleQueue(), multiprocessing.SimpleQueue()
    child = multiprocessing.Process(target=answer, args=(tasks, answers), name="child")
    child.start()
    for number in range(4000):
        tasks.put(number)
        answers.get()
    child.join()
`;

test.skipIf(process.platform === 'win32')(
  'more messages than there is room for are bundles, none is lost',
  async () => {
    const { session } = await run(MANY);
    try {
      const { messages } = whole(session);
      expect(messages?.arrows).toEqual([]);
      const counted = (messages?.bundles ?? []).reduce((sum, each) => sum + each.count, messages?.leftOut ?? 0);
      expect(counted).toBe(8000);
      const sentAt = (id: number): number =>
        ((session.model.messages.entry(id)?.sentAt ?? 0) - session.model.origin) / 1e6;
      const zoomed = session.timeline({
        fromMs: sentAt(4000),
        toMs: sentAt(4010),
        pixels: 1000,
        processes: session.model.processes.all.map((each) => each.id),
        channels: [],
        messages: true,
        library: false,
      });
      expect(zoomed.messages?.bundles).toEqual([]);
      expect(zoomed.messages?.arrows.length).toBeGreaterThanOrEqual(11);
    } finally {
      session.dispose(true);
    }
  },
);

test.skipIf(process.platform === 'win32')('what was lost before it was read is shown as unknown', async () => {
  const { session } = await run(MANY, 'ring=65536');
  try {
    expect(session.model.dropped).toBeGreaterThan(0);
    const child = processNamed(session, 'child');
    const picture = whole(session);
    const runs = unpackRuns(picture.lanes.find((each) => each.processId === child)?.runs ?? '');
    expect(runs[0]?.state).toBe(lanes.UNKNOWN);
    const known = runs.findIndex((each) => each.state !== lanes.UNKNOWN);
    expect(runs.slice(known).some((each) => each.state === lanes.UNKNOWN)).toBe(false);
    expect(known).toBeGreaterThan(0);
    const third = session.moment(session.status.durationMs / 3);
    expect(third.processes.find((each) => each.processId === child)?.state).toBe('unknown');
  } finally {
    session.dispose(true);
  }
});
