/** What breakpoints ask beside their place: hit counts, and conditions in which an editor has no room for more. */

export interface BreakpointTerms {
  readonly condition?: string | undefined;
  readonly hitCondition?: string | undefined;
  readonly logMessage?: string | undefined;
}

/** Editors ask for a hit count or a log message only where a line is: elsewhere both may stand in the condition, "hits: 3; log: text". */
export function extended(given: BreakpointTerms): BreakpointTerms {
  const log = /(?:^|;)\s*log:\s*([\s\S]*)$/.exec(given.condition ?? '');
  const before = log === null ? given.condition : given.condition?.slice(0, log.index);
  const hits = /(?:^|;)\s*hits?:\s*([^;]*)/.exec(before ?? '');
  const rest = hits === null ? before : before?.replace(hits[0], '');
  return {
    condition: rest?.replace(/^[\s;]+/, '').trim() || undefined,
    hitCondition: hits?.[1]?.trim() || given.hitCondition,
    logMessage: log?.[1]?.trim() || given.logMessage,
  };
}

/** "3" is the third hit; also ">= 3", "> 3", "<= 3", "< 3", "% 3". Undefined: not understood. */
export function hitRule(text: string): ((count: number) => boolean) | undefined {
  const found = /^\s*(>=|<=|==|=|>|<|%)?\s*(\d+)\s*$/.exec(text);
  if (found === null) return undefined;
  const wanted = Number(found[2]);
  const rules: Record<string, (count: number) => boolean> = {
    '>=': (count) => count >= wanted,
    '<=': (count) => count <= wanted,
    '>': (count) => count > wanted,
    '<': (count) => count < wanted,
    '%': (count) => wanted > 0 && count % wanted === 0,
  };
  return rules[found[1] ?? ''] ?? ((count) => count === wanted);
}
