import type { SessionStatus } from '../../../protocol/views';
import type { SessionModel } from '../state/sessionModel';
import { warningText } from './warnings';

/** @param durationMs since the session began */
export function sessionStatus(model: SessionModel, durationMs: number): SessionStatus {
  return {
    state: model.state,
    exitCode: model.exitCode,
    signal: model.exitSignal,
    durationMs: Math.round(durationMs),
    counts: {
      processes: model.processes.all.length,
      alive: model.alive,
      messages: model.messages.count,
      matched: model.matched,
      events: model.events,
      dropped: model.dropped,
    },
    warnings: model.warnings.all.map(warningText),
  };
}
