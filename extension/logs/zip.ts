/** Makes a zip archive, which every system opens and every tracker takes. */
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

export interface Entry {
  readonly name: string;
  readonly data: Uint8Array;
}

const deflate = promisify(deflateRaw);
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const DEFLATED = 8;

/** @param at the time of all entries */
export async function zip(entries: readonly Entry[], at = new Date()): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of entries) {
    const packed = await deflate(data);
    const shared = fields([
      [2, VERSION],
      [2, FLAGS],
      [2, DEFLATED],
      [2, timeOf(at)],
      [2, dateOf(at)],
      [4, crc32(data)],
      [4, packed.length],
      [4, data.length],
      [2, Buffer.byteLength(name)],
      [2, 0],
    ]);
    const local = Buffer.concat([fields([[4, LOCAL]]), shared, Buffer.from(name), packed]);
    const rest = fields([
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, offset],
    ]);
    const head = fields([
      [4, CENTRAL],
      [2, VERSION],
    ]);
    directory.push(head, shared, rest, Buffer.from(name));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = fields([
    [4, END],
    [2, 0],
    [2, 0],
    [2, entries.length],
    [2, entries.length],
    [4, central.length],
    [4, offset],
    [2, 0],
  ]);
  return Buffer.concat([...parts, central, end]);
}

function fields(values: readonly (readonly [size: 2 | 4, value: number])[]): Buffer {
  return Buffer.concat(
    values.map(([size, value]) => {
      const bytes = Buffer.alloc(size);
      bytes.writeUIntLE(value, 0, size);
      return bytes;
    }),
  );
}

/** As MS-DOS has them: two seconds are one. */
function timeOf(at: Date): number {
  return (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1);
}
function dateOf(at: Date): number {
  return (Math.max(0, at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate();
}
