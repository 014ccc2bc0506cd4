import type { DeveloperAction } from '../../../protocol/views';
import type { SessionModel } from '../state/sessionModel';

/** Interventions on messages, the first ones, in order of time. */
export function interventionViews({ interventions, origin, locations }: SessionModel): DeveloperAction[] {
  return interventions.all.map((each) => ({
    processId: each.process.id,
    channelId: each.channel?.id ?? null,
    action: each.action,
    operation: each.operation,
    atMs: Math.round((each.at - origin) / 1e3) / 1e3,
    line: locations.line(each.line),
    seconds: each.seconds,
  }));
}
