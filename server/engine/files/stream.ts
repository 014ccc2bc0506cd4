/** Copies a file into a FIFO, a device or a descriptor without ever waiting in the system: signals end us at any time. */
import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const CHUNK = 65_536;
/** Between two tries, ms. */
const PAUSE = 10;
const WRITE = constants.O_WRONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

let impatient = false;

/** From now on no reader is waited for, neither one that is to come nor one that takes nothing: somebody wants this process to end. */
export function stopWaiting(): void {
  impatient = true;
}

/**
 * @param source descriptor of a regular file, read from its beginning
 * @param patienceMs how long a FIFO that nobody has open may stay so
 */
export async function copyToPath(source: number, path: string, patienceMs: number): Promise<void> {
  const to = await openStream(path, patienceMs);
  try {
    await copy(source, to);
  } finally {
    closeSync(to);
  }
}

/** The same into a descriptor that we were started with; it stays open, and as it was. */
export async function copyToDescriptor(source: number, fd: number): Promise<void> {
  const status = fstatSync(fd);
  if (status.isFile()) return copy(source, fd);
  if (status.isSocket()) return copyToSocket(source, fd);
  // Opened again it does not block; the program's own way to the same pipe or terminal is left as it is.
  let to: number;
  try {
    to = openSync(`${process.platform === 'linux' ? '/proc/self' : '/dev'}/fd/${fd}`, WRITE);
  } catch {
    return copy(source, fd); // a terminal of another user, to which we have only this way
  }
  try {
    await copy(source, to);
  } finally {
    closeSync(to);
  }
}

async function openStream(path: string, patienceMs: number): Promise<number> {
  for (const end = Date.now() + patienceMs; ; await sleep(PAUSE)) {
    try {
      return openSync(path, WRITE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      if (!statSync(path).isFIFO()) throw new Error('nothing is behind it'); // a terminal, where there is none
      if (impatient || Date.now() >= end) throw new Error('nobody reads from it');
    }
  }
}

/** Into a descriptor that does not block. */
export async function copy(source: number, to: number): Promise<void> {
  for (const chunk of chunks(source)) {
    for (let at = 0; at < chunk.length; ) {
      try {
        at += writeSync(to, chunk, at, chunk.length - at);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EPIPE') throw new Error('its reader has gone');
        if (code !== 'EAGAIN' && code !== 'EINTR') throw error;
        if (impatient) throw new Error('its reader takes nothing');
        await sleep(PAUSE);
      }
    }
    await sleep(0); // signals are seen between two chunks
  }
}

async function copyToSocket(source: number, fd: number): Promise<void> {
  const socket = new Socket({ fd, readable: false, writable: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    void (async () => {
      for (const chunk of chunks(source)) {
        await new Promise<void>((written) => socket.write(chunk, () => written()));
        if (socket.destroyed) return;
      }
      resolve();
    })().catch(reject);
  });
  socket.removeAllListeners('error');
  socket.on('error', () => {});
  socket.unref();
}

function* chunks(source: number): Generator<Buffer> {
  for (let at = 0; ; ) {
    const chunk = Buffer.alloc(CHUNK);
    const length = readSync(source, chunk, 0, CHUNK, at);
    if (length === 0) return;
    at += length;
    yield chunk.subarray(0, length);
  }
}
