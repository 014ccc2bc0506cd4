/** The result of `forkscope check`, before it is formatted. */
import type { SourceFinding } from '../../protocol/source';
import type { Problem } from './files';

export interface CheckedFile {
  /** As displayed: relative to the current folder. */
  readonly file: string;
  readonly text: string;
  readonly findings: readonly SourceFinding[];
}

export interface Outcome {
  readonly version: string;
  /** Number of files checked. */
  readonly files: number;
  /** The files with findings. */
  readonly found: readonly CheckedFile[];
  readonly problems: readonly Problem[];
}
