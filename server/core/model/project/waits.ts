import type { Wait } from '../../../protocol/views';
import { type Blocked, callOf } from '../entities/blocked';
import type { Process } from '../entities/process';
import type { Waits } from '../query/waits';
import type { Blockers } from '../state/blockedThreads';
import type { SessionModel } from '../state/sessionModel';

/** Maximum number of blockers named per wait. */
const MAX_BLOCKERS = 12;

/** The waits of a process, with the blockers found by the latest analysis. */
export function waitViews(model: SessionModel, process: Process): Wait[] {
  return model.blocked.of(process).map((each) => ({ ...waitView(model, each), ...blockersView(model, each) }));
}

/** A wait by itself, without facts that only the analysis of all waits provides. */
export function waitView(model: SessionModel, blocked: Blocked): Wait {
  return {
    ...callOf(blocked),
    channelId: blocked.channel?.id ?? null,
    processId: blocked.joined?.id ?? null,
    sinceMs: (blocked.since - model.origin) / 1e6,
    timeoutMs: blocked.timeout === null ? null : blocked.timeout / 1e6,
    line: model.locations.line(blocked.line),
    thread: blocked.thread,
    real: blocked.timeout === null,
  };
}

function blockersView(model: SessionModel, blocked: Blocked): Pick<Wait, 'blockers' | 'moreBlockers'> {
  const found = model.blocked.blockersOf(blocked);
  if (found === undefined) return {};
  const { named, more } = found;
  return {
    blockers: named.map(({ process, why, dead }) => ({ processId: process.id, why, dead })),
    ...(more > 0 && { moreBlockers: more }),
  };
}

/** The blockers that the views of this wait name, live ones first. Null: unknown. */
export function blockersOf(waits: Waits, wait: Blocked): Blockers | null {
  if (!waits.holders.get(wait)) return null;
  const all = waits.livingFirst(wait).map(({ process, why }) => ({ process, why, dead: !waits.lives(process) }));
  return { named: all.slice(0, MAX_BLOCKERS), more: Math.max(0, all.length - MAX_BLOCKERS) };
}
