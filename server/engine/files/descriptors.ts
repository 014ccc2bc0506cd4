/** Descriptors that we were started with, and those that Node has for itself. */
import { type BigIntStats, fstatSync, readdirSync, readFileSync } from 'node:fs';

/** Why a descriptor of this process is not for writing the user's files into; null when it is. */
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

/** A pipe whose reading end is ours too: Node's own. What we were given leads elsewhere. */
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

/** Where the kernel does not say it, the writing will tell. */
function isWritable(fd: number): boolean {
  return accessOf(fd) !== READ_ONLY;
}

/** O_ACCMODE of a descriptor (Linux); null where nobody tells. */
function accessOf(fd: number): number | null {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];
    return flags === undefined ? null : Number.parseInt(flags, 8) & 3;
  } catch {
    return null;
  }
}
