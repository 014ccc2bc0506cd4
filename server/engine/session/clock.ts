import { closeSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import * as v from '../../protocol/vocabulary';
import { openRegular } from '../files/input';

/** Monotonic ns of this process. On Linux it is the clock that Python's time.monotonic_ns reads. */
export function monotonic(): number {
  return Number(process.hrtime.bigint());
}

/**
 * Wall clock minus monotonic clock, ns, as the first readable journal of a folder says it; null when there is none yet.
 * On other systems than Linux it leads from our clock to Python's.
 */
export function wallOffset(folder: string): number | null {
  const header = Buffer.alloc(v.HEADER_SIZE);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return null;
  }
  for (const name of names) {
    if (!name.endsWith(v.JOURNAL_SUFFIX)) continue;
    try {
      const fd = openRegular(join(folder, name));
      try {
        if (readSync(fd, header, 0, v.HEADER_SIZE, 0) < v.HEADER_SIZE) continue;
      } finally {
        closeSync(fd);
      }
    } catch {
      continue; // gone or not readable: another one will tell
    }
    if (header.toString('latin1', v.HEADER_AT_MAGIC, 8) !== v.HEADER_MAGIC_BYTES) continue;
    return (
      Number(header.readBigUInt64LE(v.HEADER_AT_CREATED_WALL)) -
      Number(header.readBigUInt64LE(v.HEADER_AT_CREATED_MONO))
    );
  }
  return null;
}

/** Monotonic ns of the clock that the journals of this folder use. */
export function journalClock(folder: string): () => number {
  if (process.platform === 'linux') return monotonic;
  let skew: number | null = null;
  return () => {
    if (skew === null) {
      const offset = wallOffset(folder);
      if (offset !== null) skew = Date.now() * 1e6 - offset - monotonic();
    }
    return monotonic() + (skew ?? 0);
  };
}
