/** Untrusted recordings: archives with wrong names, types, sizes and counts, mutated and truncated ones. */
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { unpackRecording } from '../../server/engine/recording/recording';
import { Session } from '../../server/engine/session/session';
import { FILE_SESSION } from '../../server/protocol/vocabulary';
import { type Edit, edit, edited } from './pickles';
import type { Target } from './target';

interface Entry {
  readonly name: string;
  readonly type: string;
  /** The size in the header; null: the correct one. */
  readonly size: number | null;
  readonly link: string;
  readonly data: Uint8Array;
}

/** A handwritten tar archive: no library writes such ones. */
export function tar(entries: readonly Entry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { name, type, size, link, data } of entries) {
    const header = Buffer.alloc(512);
    header.write(name.slice(0, 100), 0);
    header.write('0000600\0', 100);
    const said = size ?? data.length;
    if (said >= 0 && said < 8 ** 11) header.write(`${said.toString(8).padStart(11, '0')} `, 124);
    else {
      header[124] = said < 0 ? 0xff : 0x80;
      header.writeBigUInt64BE(BigInt.asUintN(64, BigInt(said)), 128);
    }
    header.write(type, 156);
    header.write(link.slice(0, 100), 157);
    header.write('ustar\x0000', 257);
    header.fill(' ', 148, 156);
    header.write(
      `${header
        .reduce((sum, each) => sum + each, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    blocks.push(header, Buffer.from(data), Buffer.alloc((512 - (data.length % 512)) % 512));
  }
  blocks.push(Buffer.alloc(1024));
  return Buffer.concat(blocks);
}

const text = (value: unknown) => new Uint8Array(Buffer.from(JSON.stringify(value)));
const JOURNAL = '1-1.fsj';
const extent = fc.tuple(
  fc.constantFrom(0, 1, 100, 512, 4096, -1, 2 ** 39, 2 ** 45, 1.5),
  fc.constantFrom(0, 1, 10, 512, 4096, 2 ** 38, -5),
);
const HANG = {
  id: 'deadlock-1',
  code: 'deadlock',
  severity: 'error',
  message: 'They wait.',
  advice: 'Do not.',
  processes: ['nobody'],
  channels: [],
  lines: [{ line: { file: '/x.py', line: 3, function: 'f' }, caption: 'here', processId: null }],
  sinceMs: 1,
  over: true,
};
const index = fc
  .record({
    format: fc.constantFrom('forkscope-recording', 'forkscope-recording', 'forkscope-recording', 'x'),
    version: fc.constantFrom(1, 1, 1, 2),
    journals: fc.oneof(
      fc.dictionary(fc.constantFrom(JOURNAL, '2-2.fsj', '__proto__', '../x'), fc.array(extent, { maxLength: 3 })),
      fc.constantFrom<unknown>(null, [], 7),
    ),
    ended: fc.constantFrom<unknown>({}, { p1: { at: 1, code: 0, signal: null } }, { p1: null }, []),
    alive: fc.constantFrom<unknown>([], ['p1'], [1], {}),
    clocks: fc.constantFrom<unknown>(
      undefined,
      { [JOURNAL]: 5e9, other: -1 },
      { [JOURNAL]: -(2 ** 62) },
      { [JOURNAL]: 2 ** 64 },
      { [JOURNAL]: 0.5 },
      { [JOURNAL]: null },
      [],
      7,
    ),
    hangs: fc.constantFrom<unknown>(undefined, [], [HANG], [{ ...HANG, lines: [{}] }], [null], {}),
  })
  .map(text);
const session = fc.constantFrom(
  text({ format: 'forkscope-session', version: 1, id: 'x', command: ['a', 1], startedAt: 'x' }),
  text({ format: 'forkscope-session', version: 1 }),
  text(null),
  text({ format: 'forkscope-session', version: 1, id: {}, command: {} }),
);
const name = fc.constantFrom(
  FILE_SESSION,
  'recording.json',
  'session-end.json',
  'note-1.txt',
  JOURNAL,
  '2-2.fsj',
  '../x',
  '/tmp/x',
  '..',
  '.',
  '',
  'a/b',
  'session.json/',
  './session.json',
  'C:\\x',
); // prettier-ignore
const entry = fc.record({
  name,
  type: fc.constantFrom('0', '0', '0', '0', '0', '0', '\0', '1', '2', '3', '4', '5', '6', 'x', 'g', 'L', 'K', 'S'),
  size: fc.oneof(
    { weight: 8, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 600, 2 ** 33, 2 ** 50, -1, -512) },
  ),
  link: fc.constantFrom('', '', '/etc/passwd', 'session.json'),
  data: fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    session,
    fc
      .constantFrom('30 path=../../outside\n', '20 size=1000000000\n', '9 path=\n')
      .map((each) => new Uint8Array(Buffer.from(each))),
  ),
}); // prettier-ignore
const whole = (name: string, data: Uint8Array): Entry => ({ name, type: '0', size: null, link: '', data });

const archive = fc
  .tuple(index, session, fc.array(entry, { maxLength: 5 }), fc.boolean())
  .map(([first, second, rest, odd]) =>
    tar(odd ? rest : [whole('recording.json', first), whole(FILE_SESSION, second), ...rest]),
  );
const packed = fc
  .tuple(archive, fc.array(edit, { maxLength: 2 }), fc.array(edit, { maxLength: 2 }))
  .map(([bytes, inside, outside]) => edited(gzipSync(edited(bytes, inside), { level: 1 }), outside));

/** Opens it, or rejects it with a sentence; leaves no files behind, and writes none elsewhere. */
export async function checkRecording(bytes: Uint8Array, scratch: string): Promise<void> {
  const file = join(scratch, 'made.forkscope');
  writeFileSync(file, bytes);
  try {
    const source = await unpackRecording(file).catch((error: unknown) => {
      const { message } = error as Error;
      if (!/cannot be opened: /.test(message) || /undefined|is not a function|of null/.test(message)) throw error;
      return null;
    });
    if (source !== null) {
      for (const each of readdirSync(source.folder)) {
        if (!statSync(join(source.folder, each)).isFile() || !/^[\w.-]+$/.test(each))
          throw new Error(`it unpacked ${each}`);
      }
      const opened = new Session(source);
      for (let polls = 1; opened.poll(); polls++) if (polls > 100) throw new Error('it never comes to an end');
      JSON.stringify(opened.report());
      opened.dispose(false);
    }
  } finally {
    rmSync(file, { force: true });
  }
  const left = readdirSync(scratch);
  if (left.length > 0) throw new Error(`it left ${left.join(', ')} behind`);
} // prettier-ignore

/** Inside the gzip stream, then outside. */
function mutated([bytes, inside, outside]: readonly [Uint8Array, readonly Edit[], readonly Edit[]]): Uint8Array {
  return edited(inside.length === 0 ? bytes : gzipSync(edited(gunzipSync(bytes), inside), { level: 1 }), outside);
}

export const recordings: Target<Uint8Array> = {
  name: 'recordings',
  share: 0.05,
  inputs: (seeds) =>
    fc.oneof(
      { weight: 2, arbitrary: packed },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom(...seeds), fc.array(edit, { maxLength: 3 }), fc.array(edit, { maxLength: 2 }))
          .map(mutated),
      },
    ),
  bytes: (input) => input,
  check: checkRecording,
};
