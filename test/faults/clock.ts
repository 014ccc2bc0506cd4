/** A wall clock that can be set without root: a library between Python and the C library (clock.c). */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { folderFor } from './harness';

export const YEAR = 365 * 24 * 3600;

export interface ShiftedClock {
  /** For LD_PRELOAD. */
  readonly library: string;
  /** For SHIFTED_CLOCK. */
  readonly file: string;
  /** Sets the clock of all processes that use it to that many seconds from the real one. */
  jump(seconds: number): void;
  dispose(): void;
}

/** Compiled on the spot; null without a C compiler. */
export function shiftedClock(): ShiftedClock | null {
  if (process.platform !== 'linux') return null;
  const place = folderFor('clock');
  const library = join(place, 'clock.so');
  const source = resolve(import.meta.dirname, 'clock.c');
  const built = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-Wall', '-Werror', source, '-o', library, '-ldl'], {
    encoding: 'utf8',
  });
  if (built.error !== undefined) {
    rmSync(place, { recursive: true });
    return null;
  }
  if (built.status !== 0) throw new Error(`clock.c cannot be compiled: ${built.stderr}`);
  const file = join(place, 'shift');
  const fd = openSync(file, 'w');
  const shift = Buffer.alloc(8);
  const jump = (seconds: number) => {
    shift.writeBigInt64LE(BigInt(seconds));
    writeSync(fd, shift, 0, 8, 0);
  };
  jump(0);
  return {
    library,
    file,
    jump,
    dispose: () => {
      closeSync(fd);
      rmSync(place, { recursive: true });
    },
  };
}
