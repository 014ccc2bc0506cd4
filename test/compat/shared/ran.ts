/** The project's root, and the outcome of one run of a program. */
import { join } from 'node:path';
import type { Report } from '../../../server/protocol/report';

export const ROOT = join(__dirname, '../../../..');

export interface Ran {
  /** Null: it was killed after a timeout, or by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  readonly timedOut: boolean;
  readonly report: Report | null;
}
