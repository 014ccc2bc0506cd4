import {
  closeSync,
  createReadStream,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  realpathSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform, type TransformCallback, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, type Header, pack } from 'tar-stream';
import * as v from 'valibot';
import { FILE_SESSION, JOURNAL_SUFFIX } from '../../protocol/vocabulary';
import { openRegular, readSmallFile } from '../files/input';
import { FILE_INDEX } from '../files/ours';
import { FILE_END, FOLDER_PREFIX, readSessionFile } from '../session/folder';
import type { Observations, SessionSource } from '../session/sessionSource';
import { type Extent, usedExtents } from './extents';
import { checkedFindings } from './keptFindings';
import { manifestSchema } from './manifest';
import { checkedShown } from './shown';

const JOURNAL_NAME = /^\d{1,10}-[0-9a-f]{1,16}\.fsj$/;
const FORMAT = 'forkscope-recording';
const VERSION = 1;
/** Limits for untrusted recordings. */
const MAX_ENTRIES = 50_000;
const MAX_BYTES = 16 * 2 ** 30;
const MAX_TEXT = 16 * 2 ** 20;
/** Beyond this size, the ratio of unpacked bytes to bytes read is limited: journals compress to about a tenth. */
const FREE_BYTES = 64 * 2 ** 20;
const MAX_RATIO = 300;

interface Index extends Observations {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** For each journal its used extents, which are contiguous in its archive entry. */
  readonly journals: Readonly<Record<string, readonly Extent[]>>;
}

/**
 * Packs a session folder into the file of a descriptor: a gzip'd tar whose first entry describes how the sparse
 * journals were trimmed.
 */
export async function packRecording(folder: string, fd: number, observations: Observations): Promise<void> {
  const archive = pack();
  const written = pipeline(archive, createGzip({ level: 4 }), writableTo(fd));
  // Handled below; this avoids an unhandled rejection.
  written.catch(() => {});
  try {
    const names = readdirSync(folder);
    const journals = names.filter((name) => name.endsWith(JOURNAL_SUFFIX));
    const index: Index = {
      format: FORMAT,
      version: VERSION,
      ...observations,
      journals: Object.fromEntries(journals.map((name) => [name, usedExtents(join(folder, name))])),
    };
    archive.entry({ name: FILE_INDEX }, JSON.stringify(index));
    for (const name of names.filter(isText)) archive.entry({ name }, readSmallFile(join(folder, name)));
    for (const name of journals) {
      await Promise.race([
        packJournal(archive, folder, name, index.journals[name] as readonly Extent[]),
        failure(written),
      ]);
    }
    archive.finalize();
    await written;
  } catch (error) {
    archive.destroy();
    await written.catch(() => {});
    throw error;
  }
}

/**
 * A file's stream closes its descriptor on failure regardless of its options, and its owner might then close an
 * unrelated file with the same number.
 */
function writableTo(fd: number): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

/** Settles only if the work fails. */
async function failure(work: Promise<void>): Promise<void> {
  await work;
  await new Promise<never>(() => {});
}

/** The small files of a session folder. */
function isText(name: string): boolean {
  return name === FILE_SESSION || name === FILE_END || /^note-\d+\.txt$/.test(name);
}

async function packJournal(
  archive: ReturnType<typeof pack>,
  folder: string,
  name: string,
  extents: readonly Extent[],
): Promise<void> {
  const size = extents.reduce((sum, [, length]) => sum + length, 0);
  await new Promise<void>((resolve, reject) => {
    const entry = archive.entry({ name, size }, (error) => (error ? reject(error) : resolve()));
    entry.on('error', reject);
    void (async () => {
      for (const [start, length] of extents) {
        if (length === 0) continue;
        for await (const chunk of createReadStream('', {
          fd: openRegular(join(folder, name)),
          start,
          end: start + length - 1,
        })) {
          if (!entry.write(chunk)) await new Promise<void>((drained) => entry.once('drain', () => drained()));
        }
      }
      entry.end(null);
    })().catch(reject);
  });
}

/** The recording is rejected as a whole; the message has the reason. */
class Refused extends Error {}

/**
 * Unpacks a recording into a new private folder. Recordings are untrusted: names, sizes and counts are checked, and a
 * truncated or damaged one yields what could be read, with a warning.
 * @throws an Error with a sentence
 */
export async function unpackRecording(file: string): Promise<SessionSource> {
  const folder = mkdtempSync(join(tmpdir(), `${FOLDER_PREFIX}recording-${process.pid}-`));
  try {
    const unpacking = new Unpacking(folder);
    const archive = extract();
    archive.on('entry', (header, stream, next) => {
      // An archive rejected unread fails too; this avoids an unhandled error.
      stream.on('error', () => {});
      unpacking.take(header, stream as AsyncIterable<Buffer>).then(
        () => next(),
        (error: Error) => {
          unpacking.failure ??= error;
          archive.destroy(error);
        },
      );
    });
    const warnings: string[] = [];
    try {
      const packed = createReadStream('', { fd: openFile(file) });
      await pipeline(packed, createGunzip(), new Bounded(() => packed.bytesRead), archive);
    } catch (error) {
      const { message } = error as Error;
      const { failure } = unpacking;
      // An entry truncated with the archive also fails: only errors of the entry itself count.
      if (failure !== null && !isDamage(failure)) throw failure;
      if (!isDamage(error) && failure === null) throw error;
      if (!unpacking.hasSession) throw new Refused('it is no Forkscope recording');
      warnings.push(`The recording ${file} is cut off or damaged (${message}): what could be read of it is shown.`);
    }
    const { index } = unpacking;
    if (index === null || !unpacking.hasSession) throw new Refused('it is no Forkscope recording');
    const { ended, alive, hangs, clocks, savedAt, shown } = index;
    const observations = { ended, alive, hangs, clocks, savedAt, shown };
    const source = { folder, path: file, recorded: true, temporary: true, observations, warnings };
    return { ...source, file: readSessionFile(folder) };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`${file} cannot be opened: ${(error as Error).message}.`);
  }
}

/** The recording may be reached through a link that the user created, but must not be an endless file. */
function openFile(file: string): number {
  return openRegular(realpathSync(file));
}

/**
 * Bounds the unpacked size: an archive need not declare what follows its last entry, and a small one may expand
 * enormously.
 */
class Bounded extends Transform {
  private passed = 0;

  /** @param taken number of bytes read from the file so far */
  constructor(private readonly taken: () => number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.passed += chunk.length;
    if (this.passed > MAX_BYTES + MAX_ENTRIES * 1024) done(new Refused('it is larger than any session'));
    else if (this.passed > FREE_BYTES && this.passed > MAX_RATIO * this.taken())
      done(new Refused(`it expands to more than ${MAX_RATIO} times its size, which no recording does`));
    else done(null, chunk);
  }
}

/** The archive ends early or is corrupt from some point on. */
function isDamage(error: unknown): boolean {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return code.startsWith('Z_') || /unexpected end|invalid tar|premature close|writable stream closed/i.test(message);
}

/** The entries of one archive, in order. */
class Unpacking {
  index: Index | null = null;
  hasSession = false;
  /** Why an entry could not be unpacked. */
  failure: Error | null = null;
  private entries = 0;
  private total = 0;

  constructor(private readonly folder: string) {}

  async take(header: Header, stream: AsyncIterable<Buffer>): Promise<void> {
    const { name, type, size = 0 } = header;
    this.entries += 1;
    this.total += size;
    if (this.entries > MAX_ENTRIES) throw new Refused('it holds too many files');
    if (this.total > MAX_BYTES) throw new Refused('it is larger than any session');
    if (this.index === null) {
      if (name !== FILE_INDEX || type !== 'file') throw new Refused('it is no Forkscope recording');
      this.index = checkedIndex(await textOf(stream));
      this.checkRoom(this.index);
      return;
    }
    if (type !== 'file') throw new Refused(`it holds something that no recording holds (${name.slice(0, 60)})`);
    const path = join(this.folder, name);
    if (isText(name)) {
      writeFileSync(path, await textOf(stream), { flag: 'wx', mode: 0o600 });
      this.hasSession ||= name === FILE_SESSION;
    } else if (JOURNAL_NAME.test(name)) {
      const extents = Object.hasOwn(this.index.journals, name) ? this.index.journals[name] : undefined;
      if (extents === undefined) throw new Refused('its index does not tell of all journals');
      await unpackJournal(path, extents, stream);
    } else {
      throw new Refused(`it holds something that no recording holds (${name.slice(0, 60)})`);
    }
  }

  private checkRoom(index: Index): void {
    let bytes = 0;
    for (const extents of Object.values(index.journals)) for (const [, length] of extents) bytes += length;
    if (bytes > MAX_BYTES) throw new Refused('it is larger than any session');
    const { bavail, bsize } = statfsSync(this.folder);
    if (bytes > bavail * bsize) {
      const [needed, free] = [bytes, bavail * bsize].map((each) => Math.ceil(each / 2 ** 20));
      throw new Refused(`it needs ${needed} MB in ${tmpdir()}, where ${free} MB are free`);
    }
  }
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MAX_TEXT) throw new Refused('it holds a text of impossible length');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function unpackJournal(path: string, extents: readonly Extent[], stream: AsyncIterable<Buffer>): Promise<void> {
  const fd = openSync(path, 'wx', 0o600);
  try {
    let number = 0;
    let done = 0;
    for await (let chunk of stream) {
      while (chunk.length > 0) {
        const extent = extents[number];
        if (extent === undefined) throw new Refused('a journal is longer than its index says');
        const part = chunk.subarray(0, extent[1] - done);
        for (let at = 0; at < part.length; ) at += writeSync(fd, part, at, part.length - at, extent[0] + done + at);
        done += part.length;
        chunk = chunk.subarray(part.length);
        if (done === extent[1]) {
          number++;
          done = 0;
        }
      }
    }
    const end = extents.at(-1);
    if (end !== undefined) ftruncateSync(fd, Math.max(statSync(path).size, end[0] + end[1]));
  } finally {
    closeSync(fd);
  }
}

function checkedIndex(text: string): Index {
  let index: Partial<Index> | null;
  try {
    index = JSON.parse(text) as Partial<Index> | null;
  } catch {
    throw new Refused('its index is damaged');
  }
  if (typeof index !== 'object' || index === null || index.format !== FORMAT)
    throw new Refused('it is no Forkscope recording');
  if (index.version !== VERSION)
    throw new Refused(
      `it was made by another version of Forkscope (format ${String(index.version)}; this one reads ${VERSION})`,
    );
  const found = v.safeParse(manifestSchema, index);
  if (!found.success) throw new Refused('its index is damaged');
  const hangs = checkedFindings(index.hangs ?? []);
  const shown = checkedShown(index.shown);
  if (hangs === null || shown === null) throw new Refused('its index is damaged');
  return { format: FORMAT, version: VERSION, ...found.output, hangs, shown };
}
