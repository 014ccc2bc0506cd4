import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { packDepths, packRuns, unpackDepths, unpackRuns } from '../../../server/shared/packed';

const u8 = fc.nat(255);
const u16 = fc.nat(65_535);
const u32 = fc.nat(4_294_967_295);

test('runs come back as they were packed', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(u16, u16, u8, u8)), (runs) => {
      const found = unpackRuns(packRuns(runs)).map(({ first, end, state, flags }) => [first, end, state, flags]);
      expect(found).toEqual(runs);
    }),
  );
});

test('depths come back as they were packed, however many', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ column: u32, least: u32, most: u32, last: u32 })), (columns) => {
      expect(unpackDepths(packDepths(columns))).toEqual(columns);
    }),
  );
  const many = Array.from({ length: 5000 }, (_, column) => ({ column, least: 0, most: column, last: 1 }));
  expect(unpackDepths(packDepths(many))).toEqual(many);
});
