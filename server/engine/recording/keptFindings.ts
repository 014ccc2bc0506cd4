import { FINDING_CODES, type Finding } from '../../protocol/views';
import { captionText } from '../../shared/text/captions';
import { findingText } from '../../shared/text/findings';
import { isFields } from './outside';

/** Limits for untrusted recordings. */
const MAX_FINDINGS = 200;
const MAX_ITEMS = 100_000;
const SEVERITIES: readonly unknown[] = ['error', 'warning', 'info'];

/** The findings stored in a recording; null if they are malformed. */
export function checkedFindings(value: unknown): Finding[] | null {
  if (!Array.isArray(value) || value.length > MAX_FINDINGS || !value.every(isFinding)) return null;
  return value;
}

function isFinding(value: unknown): value is Finding {
  if (!isFields(value)) return false;
  const { id, code, severity, processes, channels, lines, sinceMs, over } = value;
  return (
    isText(id) &&
    (FINDING_CODES as readonly unknown[]).includes(code) &&
    SEVERITIES.includes(severity) &&
    isList(processes, isText) &&
    isList(channels, isText) &&
    isList(lines, isFindingLine) &&
    typeof sinceMs === 'number' &&
    Number.isFinite(sinceMs) &&
    typeof over === 'boolean' &&
    (value['params'] === undefined || isFields(value['params'])) &&
    hasSentences(value as unknown as Finding)
  );
}

/** Whether its params are those of its code: its sentences and captions can be made of them. */
function hasSentences(finding: Finding): boolean {
  try {
    const { message, advice } = findingText(finding);
    return [message, advice, ...finding.lines.map((each) => captionText(each.caption))].every(isText);
  } catch {
    return false;
  }
}

function isFindingLine(value: unknown): boolean {
  if (!isFields(value) || !isFields(value['line'])) return false;
  const { file, line, function: name } = value['line'];
  const process = value['processId'];
  return (
    (isText(value['caption']) || isFields(value['caption'])) &&
    (process === null || isText(process)) &&
    isText(file) &&
    isText(name) &&
    Number.isSafeInteger(line) &&
    (line as number) >= 0
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
function isList(value: unknown, each: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= MAX_ITEMS && value.every(each);
}
