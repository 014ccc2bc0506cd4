import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { packRecording } from '../../../../server/engine/recording/recording';
import { sourceAt } from '../../../../server/engine/session/open';
import { Session } from '../../../../server/engine/session/session';
import type { Observations } from '../../../../server/engine/session/sessionSource';
import { Workplace } from '../../../shared/workplace';
import { start, TALK, until } from '../session/programs';

const place = new Workplace();
let recording = '';
let original: Session;

async function open(path: string): Promise<Session> {
  const session = new Session(await sourceAt(path));
  await session.refresh();
  return session;
}
const unpacked = () => readdirSync(tmpdir()).filter((name) => name.startsWith('forkscope-recording-'));

beforeAll(async () => {
  // A separate temporary folder: concurrent tests unpack recordings too.
  const temporary = place.path('temporary');
  mkdirSync(temporary, { mode: 0o700 });
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, temporary);
  const program = start(place.write('talk.py', TALK));
  program.child.stdin?.end('\n');
  await program.ended;
  original = await open(program.folder);
  await until('the session is over', async () => {
    original.lookSoon();
    await original.refresh();
    return original.finished;
  });
  recording = place.path('talk.forkscope');
  await original.save(recording);
}, 30_000);
afterAll(() => {
  original.dispose(true);
  vi.unstubAllEnvs();
  place.dispose();
});

interface Entry {
  name: string;
  data: Buffer;
  type?: 'file' | 'symlink' | 'link' | 'directory';
  linkname?: string;
}
async function entriesOf(file: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const archive = extract();
  archive.end(gunzipSync(readFileSync(file)));
  for await (const entry of archive) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    entries.push({ name: entry.header.name, data: Buffer.concat(chunks) });
  }
  return entries;
}
async function archiveOf(entries: readonly Entry[]): Promise<string> {
  const archive = pack();
  for (const { name, data, type = 'file', linkname } of entries) {
    archive.entry(
      { name, type, ...(linkname !== undefined && { linkname }) },
      type === 'file' ? data : Buffer.alloc(0),
    );
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return place.write('made.forkscope', gzipSync(Buffer.concat(chunks)));
}

test('gives the same views as its session', async () => {
  const session = await open(recording);
  expect(session.report()).toEqual(original.report());
  for (let id = 0; id < 41; id++) expect(session.pages.reported(id)).toEqual(original.pages.reported(id));
  expect(session.finished).toBe(true);
  expect(session.snapshot().meta).toMatchObject({ recorded: true, source: recording });
  expect(session.control(session.snapshot().processes?.[0]?.id ?? '', 'kill').error).toMatch(/recording/);
  const again = place.path('again.forkscope');
  await session.save(again);
  session.dispose(false);
  const second = await open(again);
  expect(second.report()).toEqual(original.report());
  second.dispose(false);
});

test('contains only the used parts of the journals, and leaves nothing behind', async () => {
  expect(statSync(recording).size).toBeLessThan(100_000);
  expect(statSync(recording).mode & 0o077).toBe(0);
  const before = unpacked();
  const session = await open(recording);
  const [folder = ''] = unpacked().filter((name) => !before.includes(name));
  expect(statSync(join(tmpdir(), folder)).mode & 0o777).toBe(0o700);
  const files = readdirSync(join(tmpdir(), folder));
  expect(files.length).toBeGreaterThan(2);
  for (const name of files) expect(statSync(join(tmpdir(), folder, name)).mode & 0o777, name).toBe(0o600);
  session.dispose(false);
  expect(unpacked()).toEqual(before);
  expect(readdirSync(place.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('shows a process that was alive as alive, with its activity up to then', async () => {
  const program = start(place.write('live.py', TALK));
  await new Promise((resolve) => program.child.stdout?.once('data', resolve));
  const live = await open(program.folder);
  const file = place.path('live.forkscope');
  await live.save(file);
  const session = await open(file);
  expect(session.report().processes.map((each) => each.state)).toEqual(['running', 'waiting']);
  expect(session.report().messages).toMatchObject({ count: 40, matched: 40 });
  session.dispose(false);
  program.child.stdin?.end('\n');
  await program.ended;
  live.dispose(true);
});

test('its time is frozen: a child that was alive when it was saved does not become an orphan later', {
  timeout: 40_000,
}, async () => {
  const program = start(
    place.write(
      'leaves.py',
      `import multiprocessing, os, time
if __name__ == "__main__":
    child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,), name="left")
    child.start()
    os._exit(0)
`,
    ),
  );
  const session = await open(program.folder);
  try {
    await program.ended;
    await until('the end of the parent', async () => {
      session.lookSoon();
      await session.refresh();
      return session.model.main?.ended === true;
    });
    const [early, late] = [place.path('early.forkscope'), place.path('late.forkscope')];
    await session.save(early);
    const savedBefore = session.findings.length === 0;
    await until('the orphan', async () => {
      await session.refresh();
      return session.findings.some((each) => each.code === 'orphan');
    });
    await session.save(late);
    for (const [file, found] of [
      [early, savedBefore ? [] : ['orphan']],
      [late, ['orphan']],
    ] as const) {
      const again = await open(file);
      expect(again.findings.map((each) => each.code)).toEqual(found);
      again.dispose(true);
    }
  } finally {
    program.kill();
    session.dispose(true);
  }
});

test("contains each process's clock, and so does a copy of it", async () => {
  const entries = await entriesOf(recording);
  const index = JSON.parse((entries[0] as Entry).data.toString()) as Record<string, unknown>;
  expect(index['clocks']).toEqual({});
  const names = Object.keys(index['journals'] as object);
  const clocks = Object.fromEntries(names.map((each) => [each, 400 * 24 * 3600 * 1e9]));
  const data = Buffer.from(JSON.stringify({ ...index, clocks: { ...clocks, 'unknown.fsj': 7 } }));
  const session = await open(await archiveOf([{ name: 'recording.json', data }, ...entries.slice(1)]));
  const { messages, channels } = session.report();
  expect(messages).toEqual(original.report().messages);
  expect(channels).toEqual(original.report().channels);
  const copy = place.path('copy.forkscope');
  await session.save(copy);
  session.dispose(false);
  expect(JSON.parse((await entriesOf(copy))[0]?.data.toString() ?? '')).toMatchObject({ clocks });
});

test('cannot be written without a folder, and reports that', async () => {
  await expect(original.save(place.path('no/such/x.forkscope'))).rejects.toThrow(
    /could not be written to .*there is no folder .* It was kept as .*recording\.forkscope/,
  );
});

test('a descriptor that cannot be written to is left to its owner, and the reason is reported', async () => {
  const folder = place.path('unwritable');
  mkdirSync(folder);
  const fd = openSync(place.write('full', ''), 'r');
  await expect(packRecording(folder, fd, {} as Observations)).rejects.toThrow(/^EBADF: bad file descriptor, write$/);
  expect(fstatSync(fd).isFile()).toBe(true);
  closeSync(fd);
});

test('a recording truncated anywhere opens with a warning or is rejected with a sentence', async () => {
  const whole = readFileSync(recording);
  const before = unpacked();
  let opened = 0;
  for (let part = 0; part < 20; part++) {
    const file = place.path('cut.forkscope');
    writeFileSync(file, whole.subarray(0, Math.floor((whole.length * part) / 20)));
    try {
      const session = await open(file);
      opened += 1;
      expect(session.snapshot().status?.warnings.join()).toMatch(/cut off or damaged/);
      session.dispose(false);
    } catch (error) {
      expect((error as Error).message).toMatch(/cut\.forkscope cannot be opened: it is no Forkscope recording/);
    }
  }
  expect(opened).toBeGreaterThan(5);
  expect(unpacked()).toEqual(before);
});

test('corrupt bytes have no other effect', async () => {
  const before = unpacked();
  const tar = gunzipSync(readFileSync(recording));
  for (let round = 0; round < 40; round++) {
    const bytes = Buffer.from(tar);
    for (let change = 0; change < 20; change++) {
      const at = (round * 7919 + change * 104_729) % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (change % 8));
    }
    const file = place.write('damaged.forkscope', gzipSync(bytes));
    try {
      (await open(file)).dispose(false);
    } catch (error) {
      expect((error as Error).message).toMatch(/^\S*damaged\.forkscope cannot be opened: .*\.$/);
    }
  }
  expect(unpacked()).toEqual(before);
});

describe('untrusted', () => {
  const index = (entries: Entry[], change: (index: Record<string, unknown>) => void): Entry[] =>
    entries.map((each) => {
      if (each.name !== 'recording.json') return each;
      const value = JSON.parse(each.data.toString()) as Record<string, unknown>;
      change(value);
      return { ...each, data: Buffer.from(JSON.stringify(value)) };
    });
  const journal = (entries: Entry[]) => entries.find((each) => each.name.endsWith('.fsj'))?.name ?? '';
  const text = (name: string): Entry => ({ name, data: Buffer.from('x') });

  test.each<[string, (entries: Entry[]) => Entry[], RegExp]>([
    [
      'another version',
      (all) => index(all, (value) => Object.assign(value, { version: 2 })),
      /another version of Forkscope \(format 2/,
    ],
    [
      'another format',
      (all) => index(all, (value) => Object.assign(value, { format: 'zip' })),
      /no Forkscope recording/,
    ],
    ['no index first', (all) => all.slice(1), /no Forkscope recording/],
    [
      'an index of another name',
      (all) => all.map((each) => (each.name === 'recording.json' ? { ...each, name: 'other.json' } : each)),
      /no Forkscope recording/,
    ],
    [
      'more files than any session',
      (all) => [...all, ...Array.from({ length: 50_000 }, (_, n) => text(`note-${n}.txt`))],
      /too many files/,
    ],
    ['no session', (all) => all.filter((each) => each.name !== 'session.json'), /no Forkscope recording/],
    [
      'a path that leads outside',
      (all) => [...all, text('../outside')],
      /holds something that no recording holds \(\.\.\/outside\)/,
    ],
    ['an absolute path', (all) => [...all, text('/etc/outside')], /holds something that no recording holds/],
    ['a journal with a path', (all) => [...all, text('../1-1.fsj')], /holds something that no recording holds/],
    [
      'a link',
      (all) => [...all, { name: '1-1.fsj', data: Buffer.alloc(0), type: 'symlink', linkname: '/etc/passwd' }],
      /holds something that no recording holds/,
    ],
    [
      'a link as session.json',
      (all) => [
        ...all.slice(0, 1),
        { name: 'session.json', data: Buffer.alloc(0), type: 'symlink', linkname: '/etc/passwd' },
      ],
      /holds something that no recording holds/,
    ],
    ['a file twice', (all) => [...all, ...all.slice(1)], /EEXIST/],
    ['a journal of which the index does not tell', (all) => [...all, text('1-1.fsj')], /does not tell of all journals/],
    [
      'a journal that is too long',
      (all) => index(all, (value) => Object.assign(value['journals'] as object, { [journal(all)]: [[0, 10]] })),
      /longer than its index says/,
    ],
    [
      'parts that overlap',
      (all) =>
        index(all, (value) =>
          Object.assign(value['journals'] as object, {
            [journal(all)]: [
              [0, 10],
              [5, 10],
            ],
          }),
        ),
      /index is damaged/,
    ],
    [
      'a part beyond all sizes',
      (all) => index(all, (value) => Object.assign(value['journals'] as object, { [journal(all)]: [[0, 2 ** 45]] })),
      /index is damaged/,
    ],
    [
      'more than any session',
      (all) => index(all, (value) => Object.assign(value['journals'] as object, { [journal(all)]: [[0, 2 ** 38]] })),
      /larger than any session/,
    ],
    [
      'a clock beyond all times',
      (all) => index(all, (value) => Object.assign(value, { clocks: { [journal(all)]: -(2 ** 63) } })),
      /index is damaged/,
    ],
    [
      'a clock that is no number',
      (all) => index(all, (value) => Object.assign(value, { clocks: { [journal(all)]: '5' } })),
      /index is damaged/,
    ],
    [
      'clocks that are a list',
      (all) => index(all, (value) => Object.assign(value, { clocks: [1] })),
      /index is damaged/,
    ],
    ['an index that is no JSON', (all) => [text('recording.json'), ...all.slice(1)], /index is damaged/],
  ])('%s is rejected', async (_name, change, message) => {
    const before = unpacked();
    const entries = await entriesOf(recording);
    expect(entries[0]?.name).toBe('recording.json');
    await expect(open(await archiveOf(change(entries)))).rejects.toThrow(message);
    expect(unpacked()).toEqual(before);
  }); // prettier-ignore

  test('an entry that claims to be larger than any session is rejected before it is read', async () => {
    const archive = pack();
    for (const { name, data } of await entriesOf(recording)) archive.entry({ name }, data);
    archive.entry({ name: 'note-1.txt', size: 2 ** 35 }).write('the rest never comes');
    const chunks: Buffer[] = [];
    for await (const chunk of archive) {
      chunks.push(chunk as Buffer);
      if (String(chunk).includes('never comes')) break;
    }
    const file = place.write('large.forkscope', gzipSync(Buffer.concat(chunks)));
    await expect(open(file)).rejects.toThrow(/larger than any session/);
  });
});
