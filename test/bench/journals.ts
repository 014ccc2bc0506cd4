/** Writes the journals of a fictitious program: a sender and a receiver with any number of messages. */
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as v from '../../server/protocol/vocabulary';

const CELLS_AT = v.HEADER_SIZE;
const META_AT = CELLS_AT + v.DEFAULT_CELLS * v.CELL_SIZE;
const META_SLOTS = 64;
const RING_AT = Math.ceil((META_AT + META_SLOTS * v.SLOT_SIZE) / 4096) * 4096;
const CHUNK_SLOTS = 65_536;
const START = 1e9;
const SENDER = 0x1001;
const RECEIVER = 0x2002;
const gid = (uid: number, number: number) => uid * 2 ** 20 + number;

/** A session folder with `messages` sent by one process and received by another, 500 ns apart. */
export function writeSession(folder: string, messages: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(
    join(folder, v.FILE_SESSION),
    JSON.stringify({
      format: 'forkscope-session',
      version: 1,
      id: 'bench',
      command: ['python3', 'bench.py'],
      cwd: '/',
      python: 'python3',
      platform: 'linux',
      startedAt: 0,
    }),
  );
  const reader = gid(SENDER, 2);
  const writer = gid(SENDER, 3);
  const channel = {
    type: 'channel',
    t: START,
    id: gid(SENDER, 1),
    kind: 'Pipe',
    name: 'numbers',
    loc: 1,
    owner: 'user',
    capacity: 0,
    duplex: false,
    ends: [
      { id: reader, mode: 'r', key: '1:2' },
      { id: writer, mode: 'w', key: '1:2' },
    ],
  };
  const location = { type: 'loc', t: START, id: 1, file: '/bench.py', line: 7, func: 'main' };
  const process = {
    type: 'process',
    t: START,
    argv: ['python3', 'bench.py'],
    executable: 'python3',
    cwd: '/',
    python: '3.11.0',
    loc: 0,
  };
  journal(
    folder,
    4001,
    SENDER,
    0,
    [{ ...process, via: 'exec', main: true }, location, channel],
    messages,
    v.KIND_SEND,
    writer,
    0,
  );
  journal(folder, 4002, RECEIVER, SENDER, [{ ...process, via: 'fork' }], messages, v.KIND_RECV, reader, 200);
}

function journal(
  folder: string,
  pid: number,
  uid: number,
  parentUid: number,
  records: readonly object[],
  events: number,
  kind: number,
  obj: number,
  delay: number,
): void {
  const fd = openSync(join(folder, `${pid}-${uid.toString(16).padStart(8, '0')}${v.JOURNAL_SUFFIX}`), 'wx', 0o600);
  try {
    const slots = Math.ceil((events + 1) / 1024) * 1024;
    ftruncateSync(fd, RING_AT + slots * v.SLOT_SIZE);
    writeSync(fd, header(pid, uid, parentUid, slots), 0, v.HEADER_SIZE, 0);
    const meta = metaSlots(records);
    writeSync(fd, meta, 0, meta.length, META_AT);
    const chunk = Buffer.alloc(CHUNK_SLOTS * v.SLOT_SIZE);
    for (let first = 0; first < events; first += CHUNK_SLOTS) {
      const count = Math.min(CHUNK_SLOTS, events - first);
      for (let i = 0; i < count; i++) slot(chunk, i * v.SLOT_SIZE, first + i, kind, obj, delay);
      writeSync(fd, chunk, 0, count * v.SLOT_SIZE, RING_AT + first * v.SLOT_SIZE);
    }
  } finally {
    closeSync(fd);
  }
}

function slot(bytes: Buffer, at: number, seq: number, kind: number, obj: number, delay: number): void {
  const t = BigInt(START + 1000 + seq * 500 + delay);
  bytes.writeUInt32LE(seq % 2 ** 32, at + v.SLOT_AT_SEQ);
  bytes.writeBigUInt64LE(t, at + v.SLOT_AT_T0);
  bytes.writeBigUInt64LE(t + 100n, at + v.SLOT_AT_T1);
  bytes.writeBigUInt64LE(1n, at + v.SLOT_AT_THREAD);
  bytes.writeBigUInt64LE(BigInt(obj), at + v.SLOT_AT_OBJ);
  bytes.writeUInt32LE(1, at + v.SLOT_AT_LOC);
  bytes.writeUInt32LE(5, at + v.SLOT_AT_SIZE);
  bytes.write('\x80\x04K\x07.', at + v.SLOT_AT_DATA, 'latin1');
  bytes[at] = kind;
}

function header(pid: number, uid: number, parentUid: number, slots: number): Buffer {
  const bytes = Buffer.alloc(v.HEADER_SIZE);
  bytes.write(v.HEADER_MAGIC_BYTES, 0, 'latin1');
  bytes.writeUInt32LE(v.VOCABULARY_VERSION, v.HEADER_AT_VERSION);
  bytes.writeUInt32LE(v.SLOT_SIZE, v.HEADER_AT_SLOT_SIZE);
  bytes.writeUInt32LE(pid, v.HEADER_AT_PID);
  bytes.writeUInt32LE(4000, v.HEADER_AT_PPID);
  bytes.writeUInt32LE(uid, v.HEADER_AT_UID);
  bytes.writeUInt32LE(parentUid, v.HEADER_AT_PARENT_UID);
  bytes.writeBigUInt64LE(BigInt(START), v.HEADER_AT_CREATED_MONO);
  bytes.writeBigUInt64LE(BigInt(START), v.HEADER_AT_CREATED_WALL);
  bytes.writeBigUInt64LE(BigInt(CELLS_AT), v.HEADER_AT_CELLS_OFFSET);
  bytes.writeUInt32LE(v.DEFAULT_CELLS, v.HEADER_AT_CELL_COUNT);
  bytes.writeUInt32LE(v.CELL_SIZE, v.HEADER_AT_CELL_SIZE);
  bytes.writeBigUInt64LE(BigInt(META_AT), v.HEADER_AT_META_OFFSET);
  bytes.writeBigUInt64LE(BigInt(META_SLOTS), v.HEADER_AT_META_SLOTS);
  bytes.writeBigUInt64LE(BigInt(RING_AT), v.HEADER_AT_RING_OFFSET);
  bytes.writeBigUInt64LE(BigInt(slots), v.HEADER_AT_RING_SLOTS);
  bytes.writeUInt32LE(1, v.HEADER_AT_STATE);
  bytes.writeUInt32LE(0x030b07f0, v.HEADER_AT_PYTHON_VERSION);
  return bytes;
}

/** Records cut into slots, as in the runtime's records.py. */
function metaSlots(records: readonly object[]): Buffer {
  const parts: Buffer[] = [];
  for (const record of records) {
    const text = Buffer.from(JSON.stringify(record));
    const first = parts.length;
    for (let at = 0; at < text.length; at += v.META_DATA_SIZE) {
      const data = text.subarray(at, at + v.META_DATA_SIZE);
      const part = Buffer.alloc(v.SLOT_SIZE);
      part.writeUInt16LE(data.length, v.META_AT_LENGTH);
      part.writeUInt32LE(parts.length, v.META_AT_SEQ);
      part.writeUInt32LE(first, v.META_AT_RECORD);
      part.writeUInt32LE(Math.floor(at / v.META_DATA_SIZE), v.META_AT_INDEX);
      data.copy(part, v.META_AT_DATA);
      part[0] = at + v.META_DATA_SIZE >= text.length ? v.META_KIND_LAST : v.META_KIND_PART;
      parts.push(part);
    }
  }
  return Buffer.concat(parts);
}
