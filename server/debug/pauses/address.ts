import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Longest path that a unix socket's address has room for (104 bytes on macOS, with the ending zero). */
const ADDRESS_LIMIT = 103;

/** Where a socket that only this user reaches can listen. `folder` is to be deleted with it; null where the address is no file. */
export async function privateAddress(name: string): Promise<{ path: string; folder: string | null }> {
  if (process.platform === 'win32') {
    return { path: `\\\\.\\pipe\\forkscope-${randomBytes(16).toString('hex')}`, folder: null };
  }
  // With our pid, for what a killed server leaves is removed by a later one (sweep.ts).
  // mkdtemp makes folders that only their owner may enter, and that is the socket's protection.
  const prefix = `forkscope-${name}-${process.pid}-`;
  const file = `${name}.sock`;
  const temporary = path.resolve(tmpdir()); // a process that connects may have another working folder
  const length = Buffer.byteLength(temporary) + 1 + path.join(`${prefix}XXXXXX`, file).length;
  const folder = await mkdtemp(path.join(length <= ADDRESS_LIMIT ? temporary : '/tmp', prefix));
  return { path: path.join(folder, file), folder };
}
