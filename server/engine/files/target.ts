/**
 * Determines where a file requested by the user ends up, and whether writing it would destroy data. Changes nothing.
 */
import {
  accessSync,
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isatty } from 'node:tty';
import { descriptorProblem } from './descriptors';
import { descriptorOf, follow } from './links';
import { isOurs, type OutputKind } from './ours';

/** How the contents get into a file. */
export type Target =
  /** Written to a sibling, then renamed: complete or not at all. `before`: the existing regular file. */
  | { readonly how: 'replace'; readonly path: string; readonly before: BigIntStats | null }
  /** Written into the existing regular file: a mount point, or a file in a folder where none can be created. */
  | { readonly how: 'in place'; readonly path: string }
  /** A FIFO or a character device. */
  | { readonly how: 'stream'; readonly path: string }
  /** A descriptor inherited at start: /dev/stdout, /dev/fd/3, the shell's >(…). */
  | { readonly how: 'descriptor'; readonly fd: number };

/**
 * Follows the links of `file` and determines how to write it.
 * @throws an Error with a sentence if it cannot or must not be written
 */
export function targetOf(file: string, kind: OutputKind): Target {
  const path = follow(file);
  const fd = descriptorOf(path);
  if (fd !== null) return checkDescriptor(file, fd, kind);
  const status = statOf(file, path);
  if (status === null) {
    checkFolder(file, path);
    return { how: 'replace', path, before: null };
  }
  if (status.isDirectory()) throw new Error(`${file} is a folder. Name a file.`);
  if (status.isFile()) return checkRegular(file, path, status, kind);
  if (status.isFIFO() || status.isCharacterDevice()) {
    if (kind === 'log') throw noLog(file);
    if (!allowed(path, constants.W_OK)) throw new Error(`${file} cannot be written: no permission.`);
    if (kind === 'recording' && isTerminal(status))
      throw new Error(`${file} is a terminal, and a recording is no text.`);
    return { how: 'stream', path };
  }
  throw new Error(`${file} is ${status.isSocket() ? 'a socket' : 'a block device'}, which is not written to.`);
}

/**
 * Identifies a location: equal for all its names, also before the file exists. null: a device, which may be named
 * twice, or a descriptor that is not open.
 */
export function placeOf(file: string): string | null {
  const path = follow(file);
  const fd = descriptorOf(path);
  if (fd !== null && descriptorProblem(fd) !== null) return null;
  const status = fd === null ? statOf(file, path) : fstatSync(fd, { bigint: true });
  if (status?.isCharacterDevice()) return null;
  if (status !== null) return `${status.dev}:${status.ino}`;
  const { dev, ino } = statSync(dirname(path), { bigint: true });
  const name = basename(path).normalize();
  return `${dev}:${ino}/${process.platform === 'linux' ? name : name.toLowerCase()}`;
}

function statOf(file: string, path: string): BigIntStats | null {
  try {
    return lstatSync(path, { bigint: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    const why: Record<string, string> = {
      ENAMETOOLONG: 'its name is too long',
      ENOTDIR: `${dirname(path)} is no folder`,
      EACCES: `no permission to look into ${dirname(path)}`,
    };
    throw new Error(`${file} cannot be written: ${why[code ?? ''] ?? message}.`);
  }
}

function checkRegular(file: string, path: string, status: BigIntStats, kind: OutputKind): Target {
  if (!allowed(path, constants.W_OK)) throw new Error(`${file} cannot be written: no permission.`);
  if (status.size > 0n && !isOurs(path, kind))
    throw new Error(
      `${file} exists and is no ${kind} of Forkscope: it is not overwritten. Name another file, or remove that one.`,
    );
  const folder = problemOf(path);
  return folder === null ? { how: 'replace', path, before: status } : { how: 'in place', path };
}

function checkFolder(file: string, path: string): void {
  const problem = problemOf(path);
  if (problem !== null) throw new Error(`${file} cannot be written: ${problem}.`);
}

/**
 * Why no file can be created next to `path`; null if one can. Permissions alone do not decide: there are limits and
 * read-only disks.
 */
function problemOf(path: string): string | null {
  const folder = dirname(path);
  try {
    const probe = join(folder, temporaryName());
    closeSync(openSync(probe, 'wx', 0o600));
    rmSync(probe);
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return `no permission to make a file in ${folder}`;
    if (code === 'EROFS') return `${folder} is read-only`;
    return message;
  }
}

let made = 0;
/** A name for the temporary file next to the one being written. */
export function temporaryName(): string {
  made += 1;
  return `.forkscope-${process.pid}-${made}.part`;
}

function allowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function checkDescriptor(file: string, fd: number, kind: OutputKind): Target {
  if (kind === 'log') throw noLog(file);
  const problem = descriptorProblem(fd);
  if (problem !== null) throw new Error(`${file} cannot be written: ${problem}.`);
  if (kind === 'recording' && isatty(fd)) throw new Error(`${file} is a terminal, and a recording is no text.`);
  return { how: 'descriptor', fd };
}

/** A log is written line by line, so it must never block on a reader, and it is truncated when it grows too long. */
function noLog(file: string): Error {
  return new Error(`${file} is no regular file, and a log needs one.`);
}

/** Linux: consoles, serial lines, and pseudo-terminals. */
function isTerminal({ rdev }: BigIntStats): boolean {
  const major = Number((rdev >> 8n) & 0xfffn);
  return process.platform === 'linux' && (major === 4 || major === 5 || (major >= 136 && major <= 143));
}
