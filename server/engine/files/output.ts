/** The only way to write files on the user's behalf: recordings and reports. See docs/security.md. */
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { plainLines } from '../../protocol/plain';
import type { OutputKind } from './ours';
import { copy, copyToDescriptor, copyToPath } from './stream';
import { placeOf, type Target, targetOf, temporaryName } from './target';

/** A file that the user requested. */
export interface Output {
  readonly file: string;
  readonly kind: OutputKind;
}
/** Writes the contents into an empty regular file. */
type Produce = (fd: number) => Promise<void> | void;

/** A file could not be written. `kept`: where its contents were saved instead; null: nowhere. */
export class OutputError extends Error {
  constructor(
    message: string,
    readonly kept: string | null,
  ) {
    super(message);
  }
}

/** How long to wait for a reader of a FIFO, ms. */
const PATIENCE = 10_000;

/**
 * Why these files cannot be written, checked before the program starts; null if they can.
 * @param inputs files that must not be among them
 */
export function outputProblem(outputs: readonly Output[], inputs: readonly (string | Buffer)[] = []): string | null {
  try {
    const places = new Map<string, string | Buffer>();
    for (const each of inputs) {
      const { dev, ino } = statSync(each, { bigint: true });
      places.set(`${dev}:${ino}`, each);
    }
    for (const { file, kind } of outputs) {
      const place = placeOf(file);
      const other = place === null ? undefined : places.get(place);
      if (other !== undefined && inputs.includes(other))
        return `${file} is the program itself, which the ${kind} would overwrite. Name another file.`;
      if (other !== undefined) return `${other} and ${file} are the same file. Name two different ones.`;
      if (place !== null) places.set(place, file);
      targetOf(file, kind);
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Writes one file by the rules above. The existing file is checked again, because the program may have changed it.
 * @throws OutputError with a sentence
 */
export async function writeOutput(output: Output, produce: Produce, patienceMs = PATIENCE): Promise<void> {
  const { file, kind } = output;
  const work = begin(output);
  try {
    const target = targetOf(file, kind);
    if (target.how === 'replace') await replace(work, target, produce);
    else await deliver(work, target, produce, patienceMs);
  } catch (error) {
    let lost = '';
    if (!work.complete) {
      try {
        await keep(work, produce);
      } catch (again) {
        lost = ` Nor could it be kept elsewhere: ${withoutEnd((again as Error).message)}.`;
      }
    }
    throw new OutputError(`${failure(work, (error as Error).message)}${lost}`, work.complete ? work.path : null);
  } finally {
    unfinished.delete(work);
  }
}

/** One file while it is being written. */
interface Work extends Output {
  /** Where the contents are until they reach their destination; '' before they exist. */
  path: string;
  complete: boolean;
}

/** File names of contents that are kept. */
const KEPT: Readonly<Record<OutputKind, string>> = {
  report: 'report.json',
  recording: 'recording.forkscope',
  log: 'forkscope.log',
};

const unfinished = new Set<Work>();

/** However this process ends, an incomplete file is deleted and a complete one is reported. */
function begin(output: Output): Work {
  if (unfinished.size === 0 && !process.listeners('exit').includes(abandon)) process.on('exit', abandon);
  const work = { ...output, path: '', complete: false };
  unfinished.add(work);
  return work;
}
function abandon(): void {
  for (const work of unfinished) {
    if (work.complete) process.stderr.write(plainLines([`forkscope: ${failure(work, 'Forkscope was ended')}`]));
    else if (work.path !== '') rmSync(work.path, { force: true });
  }
}

function failure({ file, kind, path, complete }: Work, why: string): string {
  const kept = complete ? ` It was kept as ${path}.` : '';
  return `The ${kind} could not be written to ${file}: ${withoutEnd(why)}.${kept}`;
}

async function replace(
  work: Work,
  { path, before }: Extract<Target, { how: 'replace' }>,
  produce: Produce,
): Promise<void> {
  work.path = join(dirname(path), temporaryName());
  // A report gets the default permissions of a new file; a recording contains message payloads, so it is private.
  await make(work, before === null && work.kind === 'report' ? 0o666 : 0o600, async (fd) => {
    await produce(fd);
    fsyncSync(fd); // some systems report a full disk only here
    if (before !== null) adopt(fd, before);
  });
  const now = targetOf(work.file, work.kind);
  if (now.how !== 'replace' || now.path !== path) throw new Error('it became something else meanwhile');
  try {
    renameSync(work.path, path);
  } catch (error) {
    // A mount point keeps its file: only its contents can change.
    if (before === null || !['EBUSY', 'EXDEV'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await overwrite(work.path, path);
    rmSync(work.path);
  }
}

/** Writes to a destination that cannot be replaced: the contents are built elsewhere and copied once complete. */
async function deliver(
  work: Work,
  target: Exclude<Target, { how: 'replace' }>,
  produce: Produce,
  patienceMs: number,
): Promise<void> {
  await keep(work, produce);
  if (target.how === 'in place') await overwrite(work.path, target.path);
  else {
    const source = openSync(work.path, 'r');
    try {
      if (target.how === 'stream') await copyToPath(source, target.path, patienceMs);
      else await copyToDescriptor(source, target.fd);
    } finally {
      closeSync(source);
    }
  }
  rmSync(dirname(work.path), { recursive: true, force: true });
}

/** Writes the contents into a private folder inside the temporary folder. */
async function keep(work: Work, produce: Produce): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'forkscope-kept-'));
  work.path = join(folder, KEPT[work.kind]);
  try {
    await make(work, 0o600, produce);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Creates the file at `work.path`, completely or not at all. */
async function make(work: Work, mode: number, produce: Produce): Promise<void> {
  const fd = openSync(work.path, 'wx', mode);
  try {
    await produce(fd);
    work.complete = true;
  } catch (error) {
    rmSync(work.path, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

async function overwrite(from: string, path: string): Promise<void> {
  const source = openSync(from, 'r');
  const to = openSync(path, 'r+');
  try {
    ftruncateSync(to);
    await copy(source, to);
  } finally {
    closeSync(source);
    closeSync(to);
  }
}

/** Gives the new file the mode of the one it replaces, and its owner where permitted. */
function adopt(fd: number, { uid, gid, mode }: NonNullable<Extract<Target, { how: 'replace' }>['before']>): void {
  if (process.platform === 'win32') return;
  try {
    fchownSync(fd, Number(uid), Number(gid));
  } catch {
    // The file keeps our own owner.
  }
  fchmodSync(fd, Number(mode & 0o777n));
}

function withoutEnd(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
