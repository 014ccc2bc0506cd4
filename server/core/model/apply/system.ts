/** Reports of the operating system, the supervisor and the debugger on processes. */
import type { SourceLine, StopView } from '../../../protocol/views';
import type { Process } from '../entities/process';
import type { ExitStatus, SessionEnd } from '../input/sessionEnd';
import type { SessionModel } from '../state/sessionModel';
import { adoptMain } from './mainProcess';

/** A process is gone. @param at monotonic ns; @param status from the zombie's own status */
export function processGone(model: SessionModel, process: Process, at: number, status?: ExitStatus): void {
  if (process.ended) return;
  model.changes.revision++;
  const { processes } = model;
  if (status !== undefined && status.signal !== null) processes.end(process, 'killed', at, null, status.signal);
  else if (status !== undefined && status.code !== null)
    processes.end(process, 'exited', process.saidEnd(at), status.code, null);
  else if (process.exitSaid) processes.end(process, 'exited', process.saidEnd(at), process.exitCode, null);
  else if (process.signalled !== null) processes.end(process, 'killed', at, null, process.signalled);
  else processes.end(process, 'lost', at, null, null);
}

/** The main process ended. The supervisor's exit status overrides a guess from its absence. @param at monotonic ns */
export function mainEnded(model: SessionModel, end: SessionEnd, at: number): void {
  model.changes.revision++;
  model.exitCode = end.exitCode;
  model.exitSignal = end.signal;
  const { processes } = model;
  let { main } = model;
  if (main === null && end.pid !== null) {
    main = processes.latest(end.pid) ?? processes.make(end.pid, model.origin || at);
    adoptMain(model, main);
  }
  if (main === null) return;
  // Without a status only its own announcement counts.
  if (end.signal !== null) processes.settle(main, 'killed', null, end.signal);
  else if (end.exitCode !== null) processes.settle(main, 'exited', end.exitCode, null);
  else if (!main.ended) processes.settle(main, main.exitSaid ? 'exited' : 'lost', main.exitCode, null);
  if (main.endedAt < 0) main.endedAt = Math.max(at, main.startedAt);
}

/** Current resource use of a process. @param cpuSeconds, memoryBytes null if the system does not report them */
export function measured(
  model: SessionModel,
  process: Process,
  { cpuSeconds, memoryBytes }: { readonly cpuSeconds: number | null; readonly memoryBytes: number | null },
): void {
  if (process.cpuSeconds === cpuSeconds && process.memoryBytes === memoryBytes) return;
  process.cpuSeconds = cpuSeconds;
  process.memoryBytes = memoryBytes;
  model.changes.processes.status(process);
}

/** A process has lived for long without a journal. */
export function missJournal(model: SessionModel, process: Process): void {
  process.silent = true;
  if (process.dark !== null) model.changes.processes.meta(process);
}

/** A debugger paused this process, or resumed it. */
export function pausedAt(
  model: SessionModel,
  process: Process,
  at: { readonly line: SourceLine | null; readonly stop?: StopView } | null,
): void {
  process.pausedAt = at;
  model.changes.processes.status(process);
}

/** The user requested the end of this process from the editor or the command line. */
export function stopRequested(process: Process): void {
  process.stopRequested = true;
}

/** Forkscope sent this signal. If the process is gone before its parent reaps it, this signal ended it, unless a record says otherwise. */
export function signalSent(process: Process, signal: number): void {
  process.signalled = signal;
}

/** The operating system observed the end before the parent reaped the process: it ended then. @param at monotonic ns */
export function endSeen(process: Process, { at, signal }: ExitStatus & { readonly at: number }): void {
  process.endedAt = Math.max(process.startedAt, signal !== null ? at : process.saidEnd(at));
}

/** The reader lost events or records. @param count since the last call */
export function countDropped(model: SessionModel, count: number): void {
  model.dropped += count;
}

/** The session has ended: its state no longer changes. */
export function conclude(model: SessionModel): void {
  model.state = 'ended';
}
