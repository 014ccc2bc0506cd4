/** The words of a command line that are the program's, as the bytes that they were. */
import { bytesOf } from '../engine/launch/bytes';
import type { Entry } from '../engine/launch/entry';

interface ProgramWords {
  /** The script, or the module. */
  readonly script: Buffer;
  readonly args: readonly Buffer[];
}

/**
 * The program's words are the last ones of this process's: what is before them were our options. Where the system does not tell them, or
 * something else than was decoded, what Node decoded has to do.
 */
export function programWords({ words }: Entry, script: string, args: readonly string[]): ProgramWords {
  const decoded = [script, ...args];
  const raw = words?.slice(-decoded.length) ?? [];
  const agrees = raw.length === decoded.length && raw.every((each, index) => each.toString() === decoded[index]);
  const [first, ...rest] = agrees ? raw : decoded.map(bytesOf);
  return { script: first as Buffer, args: rest };
}
