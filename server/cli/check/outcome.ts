/** What `forkscope check` found, before it is told in any format. */
import type { SourceFinding } from '../../protocol/source';
import type { Problem } from './files';

export interface CheckedFile {
  /** As it is shown: relative to where the command runs. */
  readonly file: string;
  readonly text: string;
  readonly findings: readonly SourceFinding[];
}

export interface Outcome {
  readonly version: string;
  /** How many files were looked at. */
  readonly files: number;
  /** Those with findings. */
  readonly found: readonly CheckedFile[];
  readonly problems: readonly Problem[];
}
