/** Orders ids by their keys without calling back for each comparison: a million takes some tens of milliseconds. */
export function orderBy(ids: Uint32Array, keys: Float32Array): Uint32Array {
  // The bits of floats that are not negative order as they do.
  let from: Uint32Array = ids.slice();
  let to: Uint32Array = new Uint32Array(ids.length);
  let bits: Uint32Array = new Uint32Array(keys.slice().buffer);
  let next: Uint32Array = new Uint32Array(bits.length);
  for (let shift = 0; shift < 32; shift += 8) {
    const starts = new Uint32Array(257);
    for (const each of bits) {
      const bucket = ((each >>> shift) & 255) + 1;
      starts[bucket] = (starts[bucket] as number) + 1;
    }
    for (let i = 1; i < 257; i++) starts[i] = (starts[i] as number) + (starts[i - 1] as number);
    for (let i = 0; i < bits.length; i++) {
      const each = bits[i] as number;
      const bucket = (each >>> shift) & 255;
      const place = starts[bucket] as number;
      starts[bucket] = place + 1;
      to[place] = from[i] as number;
      next[place] = each;
    }
    [from, to] = [to, from];
    [bits, next] = [next, bits];
  }
  return from;
}
