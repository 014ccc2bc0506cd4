/**
 * The promises of docs/security.md about a session folder while processes record into it: each test runs a program
 * under the real runtime.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { LineListener } from '../../server/debug/debugpy/listener';
import { makeControlPage, PlanFile } from '../../server/debug/pauses/plan';
import { unpackRecording } from '../../server/engine/recording/recording';
import { createSessionFolder, FILE_END, readSessionEnd, readSessionFile } from '../../server/engine/session/folder';
import { FILE_CONTROL, FILE_LINES, FILE_PLAN, FILE_SESSION } from '../../server/protocol/vocabulary';
import { tar } from '../fuzz/recordings';
import { Workplace } from '../shared/workplace';

const ROOT = join(__dirname, '../..');
const place = new Workplace();
const free = vi.hoisted(() => ({ bytes: null as number | null }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const statfsSync = (path: string) => (free.bytes === null ? fs.statfsSync(path) : { bavail: free.bytes, bsize: 1 });
  return { ...fs, statfsSync, default: { ...fs, statfsSync } };
});
afterEach(() => {
  vi.unstubAllEnvs();
  free.bytes = null;
});
afterAll(() => place.dispose());

/** A private folder of the user. */
function own(name: string): string {
  mkdirSync(place.path(name), { mode: 0o700 });
  return place.path(name);
}
function python(folder: string, source: string, options = ''): string {
  return execFileSync('python3', ['-c', source], {
    env: {
      ...process.env,
      PYTHONPATH: join(ROOT, 'server/runtime/inject'),
      FORKSCOPE_SESSION: folder,
      FORKSCOPE_OPTIONS: options,
      FOLDER: folder,
    },
    encoding: 'utf8',
  });
}
const journals = (folder: string) => readdirSync(folder).filter((each) => each.endsWith('.fsj'));
const FORK = `
import os
def fork():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
`;
const posix = process.platform !== 'win32';

test.runIf(posix)('a journal is of the user alone, and what has its name is not followed or written into', () => {
  const folder = own('journal');
  const source = `
import os, sys
from forkscope_runtime import mapping
for name in ("there", "link", "nowhere"):
    try:
        mapping.create(os.path.join(os.environ["FOLDER"], name), 4096, ((0, 64),))
    except OSError as error:
        print(type(error).__name__)
`;
  place.write('journal/there', 'as it was');
  place.write('target', 'as it was');
  symlinkSync(place.path('target'), join(folder, 'link'));
  symlinkSync(place.path('made'), join(folder, 'nowhere'));
  expect(python(folder, source)).toBe('FileExistsError\n'.repeat(3));
  for (const each of [join(folder, 'there'), place.path('target')])
    expect(readFileSync(each, 'utf8')).toBe('as it was');
  expect(readdirSync(place.folder)).not.toContain('made');
  expect(journals(folder).map((each) => statSync(join(folder, each)).mode & 0o777)).toEqual([0o600]);
});

test.runIf(posix)('a forked child records only into the very folder that its parent had', () => {
  const folder = own('replaced');
  const source = `${FORK}
fork()
os.rename(os.environ["FOLDER"], os.environ["FOLDER"] + ".away")
os.mkdir(os.environ["FOLDER"], 0o700)
fork()
`;
  python(folder, source);
  expect(readdirSync(folder)).toEqual([]);
  expect(journals(`${folder}.away`).length).toBe(2);
});

test.runIf(posix)('a folder that others may write to meanwhile gets no more journals', () => {
  const folder = own('opened');
  python(folder, `${FORK}\nfork()\nos.chmod(os.environ["FOLDER"], 0o777)\nfork()\n`);
  expect(journals(folder).length).toBe(2);
});

test.runIf(posix && process.getuid?.() === 0)(
  'a process that became another user goes on with its journal, and its children have none',
  () => {
    const folder = own('became');
    expect(python(folder, `${FORK}\nfork()\nos.setuid(4711)\nfork()\nprint("as ever")\n`)).toBe('as ever\n');
    expect(journals(folder).length).toBe(2);
  },
);

test.runIf(posix)('a plan in a folder that others may write to is not read', () => {
  const folder = own('plan');
  makeControlPage(folder);
  const plan = { socket: '/nowhere', lines: [], functions: [], pause: [], follow: [], freeze: null };
  new PlanFile(folder).write({ ...plan, word: 'secret', filters: { limit: { id: 1 } } }, false);
  const asks = 'from forkscope_runtime.stops import plan; print(plan.asks_for("limit"), plan.secret())';
  expect(python(folder, asks)).toBe("True ('/nowhere', 'secret')\n");
  expect(python(folder, `import os; os.chmod(os.environ["FOLDER"], 0o777); ${asks}`)).toBe("False ('', '')\n");
});

test.runIf(posix)('files that hold a secret word, and the control page, are of the user alone', async () => {
  const folder = own('words');
  makeControlPage(folder);
  const plan = { socket: '', word: 'x', lines: [], functions: [], filters: {}, pause: [], follow: [], freeze: null };
  new PlanFile(folder).write(plan, false);
  const listener = await LineListener.open(folder, '/nowhere/debugpy', () => {});
  const modes = readdirSync(folder).map((each) => [each, statSync(join(folder, each)).mode & 0o777]);
  listener.dispose();
  expect(Object.fromEntries(modes)).toEqual({ [FILE_CONTROL]: 0o600, [FILE_PLAN]: 0o600, [FILE_LINES]: 0o600 });
});

test.runIf(posix)('where others may rename files of the temporary folder no session begins', () => {
  const temporary = own('temporary');
  vi.stubEnv('TMPDIR', temporary);
  const begin = () => createSessionFolder({ command: ['python3'], cwd: '/', python: 'python3' }).folder;
  chmodSync(temporary, 0o777);
  expect(begin).toThrow(/Other users may replace files .* make it sticky/);
  expect(readdirSync(temporary)).toEqual([]);
  for (const mode of [0o1777, 0o755]) {
    chmodSync(temporary, mode);
    expect(begin()).toContain(temporary);
  }
});

test('small files of a session have a size limit', () => {
  const folder = own('large');
  for (const name of [FILE_SESSION, FILE_END]) {
    place.write(`large/${name}`, '{}');
    truncateSync(join(folder, name), 17 * 2 ** 20);
  }
  expect(() => readSessionFile(folder)).toThrow('it is too large');
  expect(readSessionEnd(folder)).toBeNull();
});

test('a recording without enough disk space is rejected before any of it is written', async () => {
  const entry = (name: string, data: object) => {
    return { name, type: '0', size: null, link: '', data: Buffer.from(JSON.stringify(data)) };
  };
  const index = { format: 'forkscope-recording', version: 1, journals: { '1-1.fsj': [[0, 5 * 2 ** 20]] } };
  const session = { format: 'forkscope-session', version: 1 };
  const bytes = tar([entry('recording.json', index), entry(FILE_SESSION, session)]);
  const file = place.write('room.forkscope', gzipSync(bytes));
  vi.stubEnv('TMPDIR', own('room'));
  free.bytes = 2 ** 20;
  await expect(unpackRecording(file)).rejects.toThrow(/it needs 5 MB in .*, where 1 MB are free/);
  expect(readdirSync(place.path('room'))).toEqual([]);
});

const TALKS = `
import multiprocessing, concurrent.futures
SECRET = "".join(["tops", "ecret"])
class Odd(Exception):
    pass
def works(text):
    return text + SECRET
def fails(text):
    raise Odd(text)
def listens(queue, end):
    queue.get(), end.recv(), end.recv_bytes()
if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    here, there = context.Pipe()
    child = context.Process(target=listens, args=(queue, there))
    child.start()
    queue.put(SECRET)
    here.send({SECRET: SECRET})
    here.send_bytes(SECRET.encode())
    child.join()
    with context.Pool(1) as pool:
        pool.map(works, [SECRET])
        pool.apply(works, kwds={"text": SECRET})
        try:
            pool.apply(fails, (SECRET,))
        except Odd:
            pass
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as executor:
        executor.submit(works, SECRET).result()
        executor.submit(fails, SECRET).exception()
    with context.Manager() as manager:
        manager.dict()[SECRET] = SECRET
`;
test.runIf(posix).each([
  ['payload=256', true],
  ['payload=0', false],
])('payloads are in the journals with %s: %s', (options, recorded) => {
  const folder = own(options);
  python(folder, TALKS, options);
  const bytes = Buffer.concat(journals(folder).map((each) => readFileSync(join(folder, each))));
  expect(bytes.includes('topsecret')).toBe(recorded);
});
