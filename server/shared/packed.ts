/** Packs the timeline's pictures: thousands of small numbers as one string of JSON. */

/** Neighbouring columns of a lane that look the same: from `first` up to before `end`. States and flags are those of `core/history`. */
export interface RunView {
  readonly first: number;
  readonly end: number;
  readonly state: number;
  readonly flags: number;
}

/** What a depth did in one column: its least, its greatest and its last value. */
export interface DepthColumn {
  readonly column: number;
  readonly least: number;
  readonly most: number;
  readonly last: number;
}

const RUN_BYTES = 6;
const DEPTH_BYTES = 16;

/** @param runs [first, end, state, flags]; columns below 65,536 */
export function packRuns(runs: readonly (readonly [number, number, number, number])[]): string {
  const bytes = new Uint8Array(runs.length * RUN_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, [first, end, state, flags]] of runs.entries()) {
    view.setUint16(i * RUN_BYTES, first, true);
    view.setUint16(i * RUN_BYTES + 2, end, true);
    view.setUint8(i * RUN_BYTES + 4, state);
    view.setUint8(i * RUN_BYTES + 5, flags);
  }
  return toBase64(bytes);
}

export function unpackRuns(packed: string): RunView[] {
  const view = fromBase64(packed);
  return Array.from({ length: Math.floor(view.byteLength / RUN_BYTES) }, (_, i) => ({
    first: view.getUint16(i * RUN_BYTES, true),
    end: view.getUint16(i * RUN_BYTES + 2, true),
    state: view.getUint8(i * RUN_BYTES + 4),
    flags: view.getUint8(i * RUN_BYTES + 5),
  }));
}

export function packDepths(columns: readonly DepthColumn[]): string {
  const bytes = new Uint8Array(columns.length * DEPTH_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, { column, least, most, last }] of columns.entries())
    for (const [j, value] of [column, least, most, last].entries())
      view.setUint32(i * DEPTH_BYTES + j * 4, value, true);
  return toBase64(bytes);
}

export function unpackDepths(packed: string): DepthColumn[] {
  const view = fromBase64(packed);
  return Array.from({ length: Math.floor(view.byteLength / DEPTH_BYTES) }, (_, i) => {
    const at = i * DEPTH_BYTES;
    return {
      column: view.getUint32(at, true),
      least: view.getUint32(at + 4, true),
      most: view.getUint32(at + 8, true),
      last: view.getUint32(at + 12, true),
    };
  });
}

/** Bytes that one call of `String.fromCharCode` takes. */
const CHUNK = 8192;

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

function fromBase64(packed: string): DataView {
  const text = atob(packed);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new DataView(bytes.buffer);
}
