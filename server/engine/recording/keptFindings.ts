import { FINDING_CODES, type Finding } from '../../protocol/views';
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
  const { id, code, severity, message, advice, processes, channels, lines, sinceMs, over } = value;
  return (
    [id, message, advice].every(isText) &&
    (FINDING_CODES as readonly unknown[]).includes(code) &&
    SEVERITIES.includes(severity) &&
    isList(processes, isText) &&
    isList(channels, isText) &&
    isList(lines, isFindingLine) &&
    typeof sinceMs === 'number' &&
    Number.isFinite(sinceMs) &&
    typeof over === 'boolean'
  );
}

function isFindingLine(value: unknown): boolean {
  if (!isFields(value) || !isFields(value['line'])) return false;
  const { file, line, function: name } = value['line'];
  const process = value['processId'];
  return (
    isText(value['caption']) &&
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
