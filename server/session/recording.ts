import {
  closeSync,
  createReadStream,
  createWriteStream,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { FILE_SESSION, JOURNAL_SUFFIX } from '../protocol/vocabulary';
import { type Extent, usedExtents } from './extents';
import { FILE_END } from './folder';

const FORMAT = 'forkscope-recording';
const VERSION = 1;
const FILE_INDEX = 'recording.json';
/** Limits for recordings from elsewhere. */
const MAX_ENTRIES = 50_000;
const MAX_BYTES = 64 * 2 ** 30;
const MAX_TEXT = 16 * 2 ** 20;

interface Index {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** For each journal: its used extents, which follow each other in its entry of the archive. */
  readonly journals: Readonly<Record<string, readonly Extent[]>>;
}

/** Packs a session folder into one file: a gzip'd tar whose first entry says how the sparse journals were trimmed. Whole or not at all. */
export async function saveRecording(folder: string, file: string): Promise<void> {
  const archive = pack();
  const partial = `${file}.part`;
  const written = pipeline(archive, createGzip({ level: 6 }), createWriteStream(partial, { mode: 0o600 }));
  try {
    const names = readdirSync(folder);
    const journals = names.filter((name) => name.endsWith(JOURNAL_SUFFIX));
    const index: Index = {
      format: FORMAT,
      version: VERSION,
      journals: Object.fromEntries(journals.map((name) => [name, usedExtents(join(folder, name))])),
    };
    archive.entry({ name: FILE_INDEX }, JSON.stringify(index));
    for (const name of [FILE_SESSION, FILE_END].filter((each) => names.includes(each)))
      archive.entry({ name }, readFileSync(join(folder, name)));
    for (const name of journals) await packJournal(archive, folder, name, index.journals[name] as readonly Extent[]);
    archive.finalize();
    await written;
    renameSync(partial, file);
  } catch (error) {
    archive.destroy();
    await written.catch(() => {});
    rmSync(partial, { force: true });
    throw new Error(`The recording could not be written to ${file}: ${(error as Error).message}`);
  }
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
    void (async () => {
      for (const [start, length] of extents) {
        if (length === 0) continue;
        for await (const chunk of createReadStream(join(folder, name), { start, end: start + length - 1 })) {
          if (!entry.write(chunk)) await new Promise<void>((drained) => entry.once('drain', () => drained()));
        }
      }
      entry.end(null);
    })().catch(reject);
  });
}

/**
 * Unpacks a recording into a private folder of its own. A recording may come from anywhere: names, sizes and counts are checked, and
 * one that is cut off gives what was read.
 * @throws an Error with a sentence
 */
export async function unpackRecording(file: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'forkscope-recording-'));
  const archive = extract();
  let index: Index | null = null;
  let entries = 0;
  let total = 0;
  archive.on('entry', (header, stream, next) => {
    const name = header.name;
    const fail = (why: string) => archive.destroy(new Error(why));
    if (++entries > MAX_ENTRIES) return fail('it holds too many files');
    total += header.size ?? 0;
    if (total > MAX_BYTES) return fail('it is larger than any session');
    if (header.type !== 'file' || name !== basename(name) || name.startsWith('.'))
      return fail(`it holds something that no recording holds (${name.slice(0, 60)})`);
    if (name.endsWith(JOURNAL_SUFFIX)) {
      const extents = index?.journals[name];
      if (extents === undefined) return fail('its index does not tell of all journals');
      unpackJournal(join(folder, name), extents, stream as AsyncIterable<Buffer>).then(
        () => next(),
        (error: Error) => fail(error.message),
      );
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on('data', (data: unknown) => {
      const chunk = data as Buffer;
      size += chunk.length;
      if (size > MAX_TEXT) fail('it holds a text of impossible length');
      else chunks.push(chunk);
    });
    stream.on('end', () => {
      const text = Buffer.concat(chunks);
      if (name === FILE_INDEX) {
        try {
          index = checkedIndex(JSON.parse(text.toString('utf8')));
        } catch (error) {
          fail((error as Error).message);
          return;
        }
      } else if (name === FILE_SESSION || name === FILE_END) {
        const fd = openSync(join(folder, name), 'wx', 0o600);
        writeSync(fd, text);
        closeSync(fd);
      }
      next();
    });
  });
  try {
    await pipeline(createReadStream(file), createGunzip(), archive);
  } catch (error) {
    const cut = /unexpected end of (file|data)/i.test((error as Error).message);
    if (!cut || readdirSync(folder).length === 0) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`${file} is no recording that can be opened: ${(error as Error).message}.`);
    }
  }
  if (index === null || !readdirSync(folder).includes(FILE_SESSION)) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`${file} is no Forkscope recording.`);
  }
  return folder;
}

async function unpackJournal(path: string, extents: readonly Extent[], stream: AsyncIterable<Buffer>): Promise<void> {
  const fd = openSync(path, 'wx', 0o600);
  try {
    let number = 0;
    let done = 0;
    for await (let chunk of stream) {
      while (chunk.length > 0) {
        const extent = extents[number];
        if (extent === undefined) throw new Error('a journal is longer than its index says');
        const part = chunk.subarray(0, extent[1] - done);
        writeSync(fd, part, 0, part.length, extent[0] + done);
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

function checkedIndex(value: unknown): Index {
  const index = value as Partial<Index> | null;
  if (typeof index !== 'object' || index === null || index.format !== FORMAT)
    throw new Error('it is no Forkscope recording');
  if (index.version !== VERSION)
    throw new Error(
      `it was made by another version of Forkscope (format ${String(index.version)}; this one reads ${VERSION})`,
    );
  if (typeof index.journals !== 'object' || index.journals === null) throw new Error('its index is damaged');
  for (const extents of Object.values(index.journals)) {
    if (!Array.isArray(extents) || extents.length > 64) throw new Error('its index is damaged');
    let end = 0;
    for (const extent of extents as unknown[]) {
      if (!Array.isArray(extent) || extent.length !== 2) throw new Error('its index is damaged');
      const [start, length] = extent as [unknown, unknown];
      const sound =
        Number.isSafeInteger(start) &&
        Number.isSafeInteger(length) &&
        (start as number) >= end &&
        (length as number) >= 0 &&
        (start as number) + (length as number) < 2 ** 40;
      if (!sound) throw new Error('its index is damaged');
      end = (start as number) + (length as number);
    }
  }
  return index as Index;
}
