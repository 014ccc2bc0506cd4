import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createEngine } from '../../../../server/engine/session/sessions';
import type { Engine, SessionHandle } from '../../../../server/engine/session/types';
import type { UpdateParams } from '../../../../server/protocol/stream';
import { Workplace } from '../../../shared/workplace';
import { type Running, start, TALK, until } from './programs';

const place = new Workplace();
const engines: Engine[] = [];
const running: Running[] = [];
function engine(): Engine {
  const made = createEngine();
  engines.push(made);
  return made;
}
function launch(text: string, supervised = true): Running {
  const made = start(place.write(`${running.length}.py`, text), [], supervised);
  running.push(made);
  return made;
}
afterEach(async () => {
  for (const each of running) each.kill();
  await Promise.all(running.splice(0).map((each) => each.ended));
  for (const each of engines.splice(0)) {
    for (const id of [...each.sessions.keys()]) await each.close(id, { deleteFolder: true });
    await each.dispose();
  }
});
afterAll(() => place.dispose());

const statusOf = (session: SessionHandle) => session.snapshot().status;
const processNamed = (session: SessionHandle, name: string) =>
  session.snapshot().processes?.find((each) => each.name === name);

test('a program is followed from its start to its end', async () => {
  const program = launch(TALK);
  const server = engine();
  const updates: { at: number; update: UpdateParams }[] = [];
  server.onUpdate((update) => updates.push({ at: performance.now(), update }));
  const session = await server.open(program.folder);
  await once(program.child.stdout as NodeJS.ReadableStream, 'data');
  // A process acts a moment before it records.
  await until('every message was read', () => statusOf(session)?.counts.matched === 40);

  expect(statusOf(session)).toMatchObject({ state: 'running', exitCode: null, counts: { messages: 40, matched: 40 } });
  expect(session.finished).toBe(false);
  const worker = await until('the worker waits in get', () => {
    const { processes, processStatus } = session.snapshot();
    const found = processes?.find((each) => each.name === 'worker');
    const status = processStatus?.find((each) => each.id === found?.id);
    return status?.waits[0]?.operation === 'get' ? { ...found, ...status } : undefined;
  });
  expect(worker.state).toBe('waiting');
  await until(
    'the system was asked',
    () => (worker.id && session.snapshot().processStatus?.some((each) => each.memoryBytes)) || undefined,
  );

  program.child.stdin?.write('\n');
  await program.ended;
  await until('the session is over', () => session.finished);
  expect(statusOf(session)).toMatchObject({
    state: 'ended',
    exitCode: 3,
    signal: null,
    counts: { alive: 0, dropped: 0, messages: 41 },
  });

  await until('the end was published', () =>
    updates.some(({ update }) => update.sessions[0]?.status?.state === 'ended'),
  );
  const gaps = updates.slice(1).map(({ at }, index) => at - (updates[index]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(40); // 20 a second
  expect(updates.filter(({ update }) => update.sessions[0]?.meta !== undefined)).toHaveLength(1);
});

describe('messages', () => {
  test('support paging and filters', async () => {
    const program = launch(TALK);
    program.child.stdin?.end('\n');
    await program.ended;
    const session = await engine().open(program.folder);
    await until('the session is over', async () => {
      await session.refresh();
      return session.finished;
    });
    const all = await session.messages({}, 0, 1000);
    expect(all).toMatchObject({ total: 41, complete: true });
    expect(all.rows.map((each) => each.id)).toEqual(all.rows.map((_, index) => index));
    expect(all.rows[0]?.payload).toBe("{'id': 0, 'word': 'even'}");
    expect((await session.messages({}, 39, 10)).rows).toHaveLength(2);
    expect((await session.messages({}, 100, 10)).rows).toHaveLength(0);
    const last = await session.messages({}, -3, 1000);
    expect([last.offset, ...last.rows.map((each) => each.id)]).toEqual([38, 38, 39, 40]);
    expect(await session.messages({}, -1000, 2)).toMatchObject({ offset: 0, rows: [{ id: 0 }, { id: 1 }] });

    const odd = await until('the text filter is through', async () => {
      const page = await session.messages({ text: 'ODD' }, 0, 5);
      return page.complete ? page : undefined;
    });
    expect(odd.total).toBe(10);
    const lastOdd = await session.messages({ text: 'ODD' }, -2, 2);
    expect([lastOdd.offset, lastOdd.rows.length, lastOdd.total]).toEqual([8, 2, 10]);
    expect(odd.rows.every((each) => each.payload.includes("'odd'"))).toBe(true);

    const tasks = session.snapshot().channels?.find((each) => each.name === 'tasks');
    expect((await session.messages({ channelId: tasks?.id ?? '' }, 0, 1000)).total).toBe(21);
    expect((await session.messages({ channelId: 'none' }, 0, 1000)).total).toBe(0);
    const worker = processNamed(session, 'worker');
    expect((await session.messages({ processId: worker?.id ?? '' }, 0, 1000)).total).toBe(41);
    expect((await session.messages({ processId: 'none' }, 0, 1000)).total).toBe(0);

    const detail = await session.message(1);
    expect(detail).toMatchObject({ encoding: 'pickle', payload: "('done', 0)", tree: { type: 'tuple' } });
    expect(detail?.sendLine?.line).toBe(5);
    expect(detail?.recordedBytes).toBe(detail?.bytes);
    expect(await session.message(41)).toBeNull();
    expect(session.depthHistory(tasks?.id ?? '', 50).length).toBeGreaterThan(0);
    expect(session.depthHistory('none', 50)).toEqual([]);
  });
});

test('a killed worker is shown as killed, and can be killed by us', async () => {
  const program = launch(TALK);
  const session = await engine().open(program.folder);
  await once(program.child.stdout as NodeJS.ReadableStream, 'data');
  await session.refresh();
  const worker = processNamed(session, 'worker');
  expect(session.control(worker?.id ?? '', 'kill')).toEqual({});
  const status = await until('the worker is gone', () => {
    const found = session.snapshot().processStatus?.find((each) => each.id === worker?.id);
    return found?.endedAtMs !== null ? found : undefined;
  });
  expect(status).toMatchObject({ state: 'killed', signal: 'SIGKILL', exitCode: null });
  expect(session.control(worker?.id ?? '', 'kill').error).toMatch(/worker \(pid \d+\) has ended already/);
  expect(session.control('p0', 'kill').error).toMatch(/no process p0/);
});

/** Its child's status is not collected. */
const CARELESS = `import os, signal, sys, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
if os.fork() == 0:
    time.sleep(60)
print("ready", flush=True)
sys.stdin.readline()
`;

test.each([
  ['terminate', 'SIGTERM'],
  ['kill', 'SIGKILL'],
] as const)('%s: a process ended by our signal is not lost, though its status is unknown', async (action, signal) => {
  const program = launch(CARELESS);
  const session = await engine().open(program.folder);
  await once(program.child.stdout as NodeJS.ReadableStream, 'data');
  const child = await until('the child is known', () => processNamed(session, 'fork of 0.py'));
  expect(session.control(child.id, action)).toEqual({});
  program.child.stdin?.end('\n');
  await program.ended;
  await until('it is over', () => session.finished);
  const file = place.path(`${action}.forkscope`);
  await session.save(file);
  const recording = await engine().open(file);
  for (const each of [session, recording])
    expect(each.report().processes.find(({ id }) => id === child.id)).toMatchObject({
      state: 'killed',
      signal,
      exitCode: null,
    });
});

test('a session without a supervisor ends when its processes do', async () => {
  const program = launch(TALK, false);
  const session = await engine().open(program.folder);
  await once(program.child.stdout as NodeJS.ReadableStream, 'data');
  program.child.stdin?.write('\n');
  await program.ended;
  await until('the session is over', () => session.finished);
  expect(processNamed(session, 'worker')).toBeDefined();
  expect(statusOf(session)?.state).toBe('ended');
  // Its end was reported, but not the exit code.
  expect(session.report().processes[0]).toMatchObject({ origin: 'main', state: 'exited', signal: null });
});

test('another engine shows the same', async () => {
  const program = launch(TALK);
  program.child.stdin?.end('\n');
  await program.ended;
  const [first, second] = [engine(), engine()];
  const reports = [];
  for (const each of [first, second]) {
    const session = await each.open(program.folder);
    await until('it is over', () => session.finished);
    reports.push(session.report());
  }
  expect(reports[1]).toEqual(reports[0]);
});

test('closing forgets a session, and deletes it only on request', async () => {
  const program = launch(TALK);
  program.child.stdin?.end('\n');
  await program.ended;
  const server = engine();
  const closed: string[] = [];
  server.onUpdate((update) => closed.push(...update.closed));
  const { id } = await server.open(program.folder);
  expect((await server.open(program.folder)).id).toBe(id);
  await server.close(id);
  await until('the closing was published', () => closed.includes(id));
  expect(existsSync(program.folder)).toBe(true);
  expect(server.resync().sessions).toEqual([]);
  await server.open(program.folder);
  await server.close(id, { deleteFolder: true });
  expect(existsSync(program.folder)).toBe(false);
});

test.each([
  ['nothing', () => place.path('nothing'), /There is no recording and no session folder/],
  ['a folder without a session', () => place.folder, /is no Forkscope session/],
  [
    'a file that is no recording',
    () => place.write('x.forkscope', 'hello'),
    /cannot be opened: it is no Forkscope recording/,
  ],
])('%s cannot be opened', async (_name, path, message) => {
  await expect(engine().open(path())).rejects.toThrow(message);
});
