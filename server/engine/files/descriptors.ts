/** Distinguishes descriptors inherited at start from those that Node opened for itself. */
import { type BigIntStats, fstatSync, readdirSync, readFileSync } from 'node:fs';

/** Why the user's files must not be written to a descriptor of this process; null if they may be. */
export function descriptorProblem(fd: number): string | null {
  let status: BigIntStats;
  try {
    status = fstatSync(fd, { bigint: true });
  } catch {
    return `Forkscope was started without descriptor ${fd}`;
  }
  const known = status.isFile() || status.isFIFO() || status.isCharacterDevice() || status.isSocket();
  const ours = known && isWritable(fd) && !(fd > 2 && status.isFIFO() && isInternal(fd, status));
  return ours ? null : `descriptor ${fd} is not open for writing`;
}

/** A pipe whose read end is also open here belongs to Node. An inherited pipe leads to another process. */
function isInternal(fd: number, { dev, ino }: BigIntStats): boolean {
  let names: string[];
  try {
    names = readdirSync('/proc/self/fd');
  } catch {
    return false;
  }
  return names.map(Number).some((each) => {
    if (each === fd) return false;
    try {
      const other = fstatSync(each, { bigint: true });
      return other.dev === dev && other.ino === ino && accessOf(each) !== WRITE_ONLY;
    } catch {
      return false; // closed meanwhile
    }
  });
}

const READ_ONLY = 0;
const WRITE_ONLY = 1;

/** Where the kernel does not report the access mode, the write itself will fail. */
function isWritable(fd: number): boolean {
  return accessOf(fd) !== READ_ONLY;
}

/** O_ACCMODE of a descriptor (Linux); null if it cannot be determined. */
function accessOf(fd: number): number | null {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];
    return flags === undefined ? null : Number.parseInt(flags, 8) & 3;
  } catch {
    return null;
  }
}
