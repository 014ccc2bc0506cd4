import * as v from 'valibot';
import { object } from '../../protocol/check';
import { FINDING_CODES, type Finding } from '../../protocol/views';
import { captionText } from '../../shared/text/captions';
import { findingText } from '../../shared/text/findings';

/** Limits for untrusted recordings. */
const MAX_FINDINGS = 200;
const MAX_ITEMS = 100_000;

const list = <const T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.maxLength(MAX_ITEMS));

const line = v.looseObject({
  caption: v.union([v.string(), object()]),
  processId: v.nullable(v.string()),
  line: v.looseObject({
    file: v.string(),
    function: v.string(),
    line: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  }),
});

/** All but what depends on the code. Further fields stay: older and newer versions have others. */
const finding = v.looseObject({
  id: v.string(),
  code: v.picklist(FINDING_CODES),
  severity: v.picklist(['error', 'warning', 'info']),
  processes: list(v.string()),
  channels: list(v.string()),
  lines: list(line),
  sinceMs: v.pipe(v.number(), v.finite()),
  over: v.boolean(),
  params: v.exactOptional(object()),
});

const findings = v.pipe(v.array(finding), v.maxLength(MAX_FINDINGS));

/** The findings stored in a recording; null if they are malformed. */
export function checkedFindings(value: unknown): Finding[] | null {
  const { success, output } = v.safeParse(findings, value);
  if (!success) return null;
  const found = output as unknown as Finding[];
  return found.every(hasSentences) ? found : null;
}

/** Whether its params are those of its code: its sentences and captions can be made of them. */
function hasSentences(each: Finding): boolean {
  try {
    const { message, advice } = findingText(each);
    const texts: unknown[] = [message, advice, ...each.lines.map(({ caption }) => captionText(caption))];
    return texts.every((text) => typeof text === 'string');
  } catch {
    return false;
  }
}
