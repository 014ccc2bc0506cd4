/** Numbers of frames and values of the line debuggers: each process counts its own, the editor knows one count for all. */
import type { LineConnection } from './connection';

/** From here on a number is one of these; the numbers of stops at messages are below. */
const FIRST = 2 ** 30;

interface Ref {
  readonly connection: LineConnection;
  readonly number: number;
}

export class LineRefs {
  private last = FIRST;
  private readonly refs = new Map<number, Ref>();

  static is(number: unknown): number is number {
    return typeof number === 'number' && number >= FIRST;
  }

  /** A number for the editor; 0, which means "nothing", stays 0. */
  give(connection: LineConnection, number: unknown): number {
    if (typeof number !== 'number' || number <= 0) return 0;
    this.last += 1;
    this.refs.set(this.last, { connection, number });
    return this.last;
  }

  find(number: number): Ref | undefined {
    return this.refs.get(number);
  }

  /** Its process went on: what was shown of it is no more. */
  forget(connection: LineConnection): void {
    for (const [number, ref] of this.refs) if (ref.connection === connection) this.refs.delete(number);
  }
}
