import type { SourceFinding } from '../../../protocol/source';
import type { FindingCode } from '../../../protocol/views';
import type { Module } from '../module';

/** One check of source text: silent whenever it is not certain. */
export interface Check {
  readonly code: FindingCode;
  readonly check: (module: Module) => SourceFinding[];
}
