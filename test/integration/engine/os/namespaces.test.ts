/** Processes in their own PID namespace, whose pids there belong to other processes here (Linux, root). */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, expect, test } from 'vitest';
import { facts } from '../../../../server/engine/os/processes';
import { sourceAt } from '../../../../server/engine/session/open';
import { Session } from '../../../../server/engine/session/session';
import { Workplace } from '../../../shared/workplace';
import { type Running, start, until } from '../session/programs';

const NEXT = '/proc/sys/kernel/ns_last_pid';
const can =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'sh', '-c', `echo 100 > ${NEXT}`]).status === 0;
const place = new Workplace();
const started: ChildProcess[] = [];
const running: Running[] = [];
afterEach(() => {
  for (const each of running.splice(0)) each.kill();
  for (const each of started.splice(0)) each.kill('SIGKILL');
});
afterAll(() => place.dispose());

/**
 * Its child is a Python with the given pid in its own namespace, until it reads a line (or forever, with the second
 * argument).
 */
const PROGRAM = `
import subprocess, sys
inner = """import os, sys
os.write(1, ('inside %d\\\\n' % os.getpid()).encode())
os.read(0, 1)
"""
command = 'echo $(($1 - 1)) > ${NEXT}; "$0" -c "$2"; :'
subprocess.call(["unshare", "--pid", "--fork", "--mount-proc", "sh", "-c", command, sys.executable, sys.argv[1], inner])
`;

async function inside() {
  const innocent = spawn('sleep', ['60'], { detached: true });
  started.push(innocent);
  const program = start(place.write('outer.py', PROGRAM), [String(innocent.pid)]);
  running.push(program);
  const said = String(((await once(program.child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer])[0]);
  expect(said).toBe(`inside ${innocent.pid}\n`);
  const session = new Session(await sourceAt(program.folder));
  const child = await until('its journal is read', async () => {
    await session.refresh();
    return session.snapshot().processes?.find((each) => each.pid === innocent.pid);
  });
  const state = async () => {
    session.lookSoon();
    await session.refresh();
    return session.snapshot().processStatus?.find((each) => each.id === child.id)?.state;
  };
  return { innocent, program, session, child, state };
}

test.runIf(can)('a signal reaches the process that was meant, and not the one that has its pid here', async () => {
  const { innocent, program, session, child, state } = await inside();
  expect(await state()).toBe('running');
  expect(session.control(child.id, 'kill')).toEqual({});
  await until('it has ended', async () => (await state()) !== 'running' || undefined);
  expect(facts(innocent.pid as number)).toMatchObject({ zombie: false });
  await program.ended;
  session.dispose(true);
});

const ORPHANED = `
import os, subprocess, sys
child = subprocess.Popen(["sleep", "60"], env={})
os.write(1, ("%d\\n" % child.pid).encode())
os.read(0, 1)
os.kill(os.getpid(), 9)
`;

test.runIf(process.platform === 'linux')('one whose parent was ended first is still known', async () => {
  const program = start(place.write('orphaned.py', ORPHANED));
  running.push(program);
  const pid = Number(String(((await once(program.child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer])[0]));
  const session = new Session(await sourceAt(program.folder));
  const child = await until('it is seen', async () => {
    session.lookSoon();
    await session.refresh();
    return session.snapshot().processes?.find((each) => each.pid === pid);
  });
  program.child.stdin?.end('\n');
  await program.ended;
  expect(session.control(child.id, 'kill')).toEqual({});
  await until('it has ended', () => facts(pid) === null || facts(pid)?.zombie || undefined);
  session.dispose(true);
});

test.runIf(can)('one that has ended there has ended, although its pid is one here', async () => {
  const { program, session, child, state } = await inside();
  program.child.stdin?.end('\n');
  await program.ended;
  await until('it has ended', async () => (await state()) !== 'running' || undefined);
  expect(session.control(child.id, 'kill').error).toMatch(/has ended already/);
  session.dispose(true);
});
