import { readFileSync } from 'node:fs';
import { measured, missJournal, processGone } from '../../core/model/apply/system';
import type { Process } from '../../core/model/entities/process';
import type { SessionModel } from '../../core/model/state/sessionModel';
import { belongsTo, innerPids, ownPidSpace } from '../os/membership';
import { facts, type ProcessFacts } from '../os/processes';
import { monotonic } from './clock';

/** How a process ended, as far as the operating system reported; for recordings, which cannot ask again. */
export interface ObservedEnd {
  /** Monotonic ns. */
  readonly at: number;
  readonly code: number | null;
  readonly signal: number | null;
  /** It is out of the system's table while its parent lives, which asked for it where no hook of ours sees that. */
  readonly asked?: true;
}

const TICKS_PER_SECOND = 100; // USER_HZ
/** Between the ticks of a start time and a journal's first time there is a little rounding. */
const SLACK_S = 1;
/** How long a process that is gone may stay "running", ns, while another process that can report its end is alive. */
const PATIENCE = 400e6;
/** The same for the main process, whose end its supervisor writes down. */
const MAIN_PATIENCE = 1e9;
/** A Python that has begun no journal so long after its start, ns, will begin none. */
const SILENT = 10e9;

/** A living process at the first look at it. */
interface Seen {
  readonly pid: number;
  readonly ticks: number;
  /** The kernel showed that it is of this session. */
  readonly belongs: boolean;
}

/** Asks the operating system about the processes of a live session, and tells the model. */
export class Liveness {
  /** With the number that it has here: which one that is may be known later than the process. */
  private readonly startTicks = new Map<Process, Seen>();
  /** What processes in PID namespaces of their own are here, as far as they were found. */
  private readonly outside = new Map<Process, number>();
  /** Of this check: looked for at most once. */
  private inner: ReturnType<typeof innerPids> | null = null;
  private readonly goneSince = new Map<Process, number>();
  /** By process id. */
  readonly observed = new Map<string, ObservedEnd>();

  constructor(
    private readonly model: SessionModel,
    private readonly folder: string,
  ) {}

  /** The facts about this process when it was first seen; null if unknown. */
  seen(process: Process): Seen | null {
    const known = this.startTicks.get(process);
    return known !== undefined && known.pid === this.pidOf(process) ? known : null;
  }

  /** The number that it has here, where it may be in a PID namespace of its own; null: it is not seen from here, or gone. */
  pidOf(process: Process): number | null {
    const { pid, pidSpace } = process;
    if (pidSpace === 0 || ownPidSpace() === 0 || pidSpace === ownPidSpace()) return pid;
    const known = this.outside.get(process);
    if (known !== undefined) return known;
    this.inner ??= innerPids();
    const found = this.inner.get(pid)?.find((each) => belongsTo(this.folder, each));
    if (found !== undefined) this.outside.set(process, found);
    return found ?? null;
  }

  /**
   * @param now monotonic ns of the journals' clock
   * @param readRest reads what the journals have now: called once before anything is declared gone, because a process writes its
   * last records before it goes
   */
  check(now: number, readRest: () => void): void {
    const gone: { process: Process; found: ProcessFacts | null }[] = [];
    const uptime = uptimeMinusMonotonic();
    this.inner = null;
    const { living, unreaped } = this.model.processes;
    for (const each of unreaped) this.lookForReaped(each, now, uptime);
    for (const each of living) {
      const found = this.look(each, uptime);
      if (found === null || found.zombie) gone.push({ process: each, found });
      else measured(this.model, each, found);
      if (each.image === null && !each.silent && now - each.startedAt > SILENT) missJournal(this.model, each);
    }
    if (gone.length === 0) return;
    readRest();
    for (const { process, found } of gone) {
      if (process.ended) continue;
      const since = this.goneSince.get(process) ?? now;
      this.goneSince.set(process, since);
      const ended = found?.ended ?? null;
      if (ended === null && now - since < this.patience(process)) continue;
      processGone(this.model, process, since, ended ?? undefined);
      // A signal of ours is in no journal.
      const sent = process.state === 'killed' ? process.signalled : null;
      this.observed.set(process.id, { at: since, code: ended?.code ?? null, signal: ended?.signal ?? sent });
    }
  }

  /** gevent's and uvloop's loops ask in C; of who ignores SIGCHLD the system asks for nothing. */
  private lookForReaped(process: Process, now: number, uptime: number | null): void {
    const { processes } = this.model;
    if (process.reapedAt >= 0 || process.parent === null || process.parent.ended) {
      processes.unreaped.delete(process);
      return;
    }
    if (this.look(process, uptime) !== null) return;
    processes.reaped(process, now);
    const { at = process.endedAt, code = null, signal = null } = this.observed.get(process.id) ?? {};
    this.observed.set(process.id, { at, code, signal, asked: true });
  }

  private patience(process: Process): number {
    if (process === this.model.main) return MAIN_PATIENCE;
    return process.exitSaid || process.parent === null || process.parent.ended ? 0 : PATIENCE;
  }

  private look(process: Process, uptime: number | null): ProcessFacts | null {
    const pid = this.pidOf(process);
    const found = pid === null ? null : facts(pid);
    if (pid === null || found === null || found.startTicks === null) return found;
    const known = this.startTicks.get(process);
    if (known?.pid === pid) return known.ticks === found.startTicks ? found : null;
    // Never looked at before: a process that started after its own first event is another one with the same pid.
    const started = found.startTicks / TICKS_PER_SECOND;
    if (uptime !== null && started - uptime > process.startedAt / 1e9 + SLACK_S) return null;
    // Now it has the parent from whom it is known; when that is gone, nothing may show any more whose it was.
    this.startTicks.set(process, { pid, ticks: found.startTicks, belongs: belongsTo(this.folder, pid) });
    return found;
  }
}

/** Seconds between boot and the monotonic clock's zero: the time spent suspended. Null if the system does not report it. */
function uptimeMinusMonotonic(): number | null {
  if (process.platform !== 'linux') return null;
  try {
    return Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) - monotonic() / 1e9;
  } catch {
    return null;
  }
}
