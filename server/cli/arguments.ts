/** The program's own arguments from the command line, as the original bytes. */
import { bytesOf } from '../engine/launch/bytes';
import type { Entry } from '../engine/launch/entry';

interface ProgramWords {
  /** The script or the module. */
  readonly script: Buffer;
  readonly args: readonly Buffer[];
}

/**
 * The program's arguments are the last ones of this process; our options precede them. If the system does not report
 * them, or they differ from the decoded ones, Node's decoded arguments are used.
 */
export function programWords({ words }: Entry, script: string, args: readonly string[]): ProgramWords {
  const decoded = [script, ...args];
  const raw = words?.slice(-decoded.length) ?? [];
  const agrees = raw.length === decoded.length && raw.every((each, index) => each.toString() === decoded[index]);
  const [first, ...rest] = agrees ? raw : decoded.map(bytesOf);
  return { script: first as Buffer, args: rest };
}
