import type { SourceFinding } from '../../../protocol/source';
import type { FindingCode } from '../../../protocol/views';
import type { Module } from '../module';

/** One check of source text: reports nothing unless it is certain. */
export interface Check {
  readonly code: FindingCode;
  readonly check: (module: Module) => SourceFinding[];
}
