import type { ProcessMeta, ProcessState, ProcessStatus } from '../../../protocol/views';
import type { Process } from '../entities/process';
import type { SessionModel } from '../state/sessionModel';
import { waitViews } from './waits';

export function processMeta({ origin, locations }: SessionModel, process: Process): ProcessMeta {
  const { dark } = process;
  return {
    id: process.id,
    pid: process.pid,
    parentId: process.parent?.id ?? null,
    name: process.name || `pid ${process.pid}`,
    origin: process.origin,
    startMethod: process.startMethod,
    argv: process.argv,
    python: process.python,
    ...(dark !== null && { dark }),
    startedAtMs: (process.startedAt - origin) / 1e6,
    line: locations.line(process.line),
    daemon: process.daemon,
    target: process.target,
  };
}

export function processStatus(model: SessionModel, process: Process): ProcessStatus {
  const { origin, locations } = model;
  const { ended, pausedAt, endedAt } = process;
  const held = ended ? null : pausedAt;
  return {
    id: process.id,
    state: stateOf(model, process),
    ...(held !== null && { pausedAt: held.line }),
    ...(held?.stop !== undefined && { stop: held.stop }),
    waits: ended ? [] : waitViews(model, process),
    // A process that announced its end may live a little longer.
    endedAtMs: endedAt < 0 || !ended ? null : (endedAt - origin) / 1e6,
    exitCode: ended ? process.exitCode : null,
    signal: process.signal,
    ...(process.wasAsked && { asked: true }),
    lastLine: locations.line(process.lastLoc),
    cpuSeconds: process.cpuSeconds,
    memoryBytes: process.memoryBytes,
  };
}

function stateOf({ blocked }: SessionModel, process: Process): ProcessState {
  if (process.state !== 'running') return process.state;
  if (process.pausedAt) return 'paused';
  return blocked.of(process).length > 0 ? 'waiting' : 'running';
}
