/** Small JSON files of a session folder: others may have written them, so each is checked. */
import * as v from 'valibot';
import type { Schema } from '../../protocol/check';
import { readSmallFile } from './input';

/** A process id that is of use: 0 and below mean groups. */
export const pidSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** @returns null where there is no such file, or its content is not of this shape */
export function readJson<T>(path: string, schema: Schema<T>): T | null {
  try {
    const { success, output } = v.safeParse(schema, JSON.parse(readSmallFile(path).toString('utf8')));
    return success ? output : null;
  } catch {
    return null;
  }
}
