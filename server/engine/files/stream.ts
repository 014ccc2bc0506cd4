/**
 * Copies a file into a FIFO, a device or a descriptor without ever blocking in a system call, so that signals can end
 * this process at any time.
 */
import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const CHUNK = 65_536;
/** Between two attempts, ms. */
const PAUSE = 10;
const WRITE = constants.O_WRONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

let impatient = false;

/** From now on waits for no reader, neither a missing one nor a slow one: this process has been asked to end. */
export function stopWaiting(): void {
  impatient = true;
}

/**
 * @param source descriptor of a regular file, read from its beginning
 * @param patienceMs how long to wait for a reader to open a FIFO
 */
export async function copyToPath(source: number, path: string, patienceMs: number): Promise<void> {
  const to = await openStream(path, patienceMs);
  try {
    await copy(source, to);
  } finally {
    closeSync(to);
  }
}

/** The same into a descriptor inherited at start, which stays open with its flags unchanged. */
export async function copyToDescriptor(source: number, fd: number): Promise<void> {
  const status = fstatSync(fd);
  if (status.isFile()) return copy(source, fd);
  if (status.isSocket()) return copyToSocket(source, fd);
  // A descriptor opened again can be non-blocking; the program's own descriptor of the same pipe or terminal keeps its
  // flags.
  let to: number;
  try {
    to = openSync(`${process.platform === 'linux' ? '/proc/self' : '/dev'}/fd/${fd}`, WRITE);
  } catch {
    return copy(source, fd); // a terminal of another user, reachable only through this descriptor
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
      if (!statSync(path).isFIFO()) throw new Error('nothing is behind it'); // a terminal device without a terminal
      if (impatient || Date.now() >= end) throw new Error('nobody reads from it');
    }
  }
}

/** The destination must be non-blocking. */
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
    await sleep(0); // lets signals be handled between two chunks
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
