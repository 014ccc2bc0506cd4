import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { FindingsMonitor } from '../../core/findings/monitor';
import {
  conclude,
  endSeen,
  mainEnded,
  pausedAt,
  processGone,
  signalSent,
  stopRequested,
} from '../../core/model/apply/system';
import { programName } from '../../core/model/entities/commandLine';
import { Deltas } from '../../core/model/project/deltas';
import { sessionStatus } from '../../core/model/project/session';
import { SessionModel } from '../../core/model/state/sessionModel';
import type { Report, ReportFinding } from '../../protocol/report';
import type { ControlAction, TasksParams, TimelineParams } from '../../protocol/requests';
import type { MessagesResult, SessionDelta, TasksResult } from '../../protocol/stream';
import type { Moment, TimelineResult } from '../../protocol/timeline';
import type {
  ChannelId,
  DepthPoint,
  Finding,
  MessageDetail,
  MessageFilter,
  ProcessId,
  SessionStatus,
  TaskDetail,
} from '../../protocol/views';
import { inEnglish } from '../../shared/text/language';
import { writeOutput } from '../files/output';
import { TemporaryPages } from '../files/temporaryPages';
import { SessionReader } from '../journal/sessionReader';
import { log } from '../log/log';
import { monotonicShift } from '../os/clocks';
import { type Controlled, control, signalOf } from '../os/signals';
import { packRecording } from '../recording/recording';
import { shownBy } from '../recording/shown';
import { makeReport, reportFinding } from '../report/report';
import { momentAt } from '../timeline/moment';
import { timeline } from '../timeline/timeline';
import { journalClock } from './clock';
import { readNotes, readSessionEnd } from './folder';
import { Liveness } from './liveness';
import { MessagePages } from './messagePages';
import type { Observations, SessionSource } from './sessionSource';
import { sourceLine } from './sources';
import { TaskPages } from './taskPages';
import type { ChannelKeys, LineProblem, PausedAt, SessionHandle } from './types';

/** Interval between two checks of the processes, ns. */
const LIVENESS = 500e6;
/** Interval between two reads of the thread slots, ns; longer for many processes. */
const SLOTS = 45e6;
const SLOTS_MANY = 500e6;
const MANY = 64;
/** An event waits this long for older ones of other processes; so long does a refresh wait, ms. */
const SETTLE = 6;
/** Two looks at the same wall clock, ms. */
const CLOCKS_DIFFER = 60_000;
/**
 * The deaths that one signal to a program causes lie this far apart at most, ns. A hang that began later than this before the last death, and
 * that was not confirmed while the program ran, is not reported: a process may only have died before the one that waited for it.
 */
const DEATHS_SPREAD = 1e9;
/** A session without any recorded activity for this long never began, ms. */
const ABANDONED = 10 * 60_000;

/** One session: a folder of journals, the model of it, and what the operating system says meanwhile. */
export class Session implements SessionHandle {
  readonly id: string;
  readonly model: SessionModel;
  readonly pages: MessagePages;
  readonly taskPages: TaskPages;
  private readonly deltas: Deltas;
  private readonly reader: SessionReader;
  private readonly liveness: Liveness;
  private readonly monitor: FindingsMonitor;
  private mutedCodes: ReadonlySet<string> = new Set();
  private readonly clock: () => number;
  private lastLook = 0;
  private lastSlots = 0;
  private mainTold = false;
  private disposed = false;
  /** Its duration, ms; null until it has ended. */
  private lasted: number | null = null;
  /** Monotonic ns of the last poll that read something. */
  lastActive = 0;

  /**
   * @param id differs from the file's own where that is taken
   * @param readLine a line of the program's source as it is now; '' where there is none
   */
  constructor(
    readonly source: SessionSource,
    id = source.file.id,
    readLine = sourceLine,
  ) {
    const { file, folder, recorded, path } = source;
    this.id = id;
    // A recording's clock stops at the moment when it was saved: processes that were alive then have not outlived others since.
    const savedAt = source.observations?.savedAt ?? null;
    this.clock = savedAt === null ? journalClock(folder) : () => savedAt;
    this.model = new SessionModel(
      {
        id,
        name: scriptName(file.command),
        command: file.command,
        cwd: file.cwd,
        python: file.python,
        platform: file.platform,
        startedAt: new Date(file.startedAt).toISOString(),
        recorded,
        source: path,
      },
      { shown: source.observations?.shown, pages: () => new TemporaryPages() },
    );
    const shifts = source.observations?.clocks ?? {};
    this.reader = new SessionReader(folder, this.model, recorded ? null : this.clock, (journal, pid) =>
      recorded ? (Object.hasOwn(shifts, journal) ? (shifts[journal] as number) : 0) : monotonicShift(pid),
    );
    this.pages = new MessagePages(this.model, this.reader);
    this.taskPages = new TaskPages(this.model, this.reader);
    this.deltas = new Deltas(this.model, (task) => this.taskPages.argumentsText(task));
    this.liveness = new Liveness(this.model, folder);
    this.monitor = new FindingsMonitor(this.model, {
      readLine,
      muted: () => this.mutedCodes,
      failed: (sentence) => this.model.warn(sentence),
      noted: (what) => log.note('finding', () => `${this.id}: ${what()}`),
      kept: source.observations?.hangs ?? [],
    });
    for (const warning of source.warnings ?? []) this.model.warn(warning);
    log.note(
      'session',
      () => `${id} opened: ${path}${recorded ? ', a recording' : ''}, ${file.python}, ${file.platform}`,
    );
  }

  get folder(): string {
    return this.source.folder;
  }
  get finished(): boolean {
    return this.model.state === 'ended';
  }

  /** Codes of muted findings; also for an ended session. */
  mute(codes: ReadonlySet<string>): void {
    this.mutedCodes = codes;
    this.monitor.applyMutes();
  }

  /** Applies one batch; returns true if more is pending. */
  poll(): boolean {
    if (this.disposed || this.finished) return false;
    return this.source.recorded ? this.pollRecorded() : this.pollLive();
  }

  private pollLive(): boolean {
    const now = this.clock();
    const slots = now - this.lastSlots >= (this.model.alive > MANY ? SLOTS_MANY : SLOTS);
    if (slots) this.lastSlots = now;
    const { events, more } = this.reader.poll({ slots });
    if (events > 0) this.lastActive = now;
    if (more) return true;
    this.readEnd(now);
    if (now - this.lastLook >= LIVENESS) {
      this.lastLook = now;
      // Read afresh: what was read before took its time, and a process that is gone ended before it is looked for, not before that.
      this.liveness.check(this.clock(), () => this.reader.poll());
    }
    if (this.isOver(now)) return this.conclude();
    this.monitor.tick(now);
    return false;
  }

  private pollRecorded(): boolean {
    if (this.reader.poll({ final: true }).more) return true;
    this.readEnd(this.model.now);
    const none: Pick<Observations, 'ended' | 'alive'> = { ended: {}, alive: [] };
    const { ended, alive } = this.source.observations ?? none;
    for (const process of this.model.processes.all) {
      const seen = Object.hasOwn(ended, process.id) ? ended[process.id] : undefined;
      // The system saw the end before the parent reaped the process: its status counts.
      const told = seen !== undefined && (seen.code !== null || seen.signal !== null);
      if (process.ended && told) endSeen(process, seen);
      if (seen?.asked === true) this.model.processes.reaped(process, seen.at);
      if (process.ended || alive.includes(process.id)) continue;
      processGone(this.model, process, seen?.at ?? this.model.now, seen);
    }
    if (alive.length > 0) this.reader.slotsOfSurvivors();
    return this.conclude();
  }

  /** No process of it is alive, and the supervisor had time to record the main process's end. */
  private isOver(now: number): boolean {
    const { model } = this;
    if (model.alive > 0) return false;
    if (this.mainTold) return true;
    if (model.processes.all.length === 0) return Date.now() - this.source.file.startedAt > ABANDONED;
    return now - this.lastActive > 1e9 && model.processes.all.every((each) => now - each.endedAt > 1e9);
  }

  /** Final pass. Returns true if data is pending or a process is still alive. */
  private conclude(): boolean {
    if (this.reader.poll({ final: true }).more) return true;
    if (this.model.alive > 0 && !this.source.recorded) return false;
    this.concludeNow();
    return false;
  }

  private concludeNow(): void {
    const { model } = this;
    if (!this.mainTold && model.main?.ended === true) {
      const { pid, exitCode, signal } = model.main;
      mainEnded(model, { pid, exitCode, signal }, model.main.endedAt);
    }
    if (model.main !== null && model.main.image === null) {
      model.warn('The program was not recorded: its Python ignores the environment (-I or -E), or is too old.');
    }
    for (const note of readNotes(this.folder)) model.warn(note);
    conclude(model);
    for (const { pid, dark } of model.processes.all)
      if (dark !== null) log.note('process', `pid ${pid} was not recorded: ${dark}`);
    log.note('session', () => `${this.id} ended: ${endText(this.status)}`);
    // The result is the same live and from a recording.
    this.monitor.conclude(this.clock(), this.hangsUntil(), this.model.alive > 0);
  }

  /** The moment before the user interrupted a hang, if the session ended that way and no process of it is alive. */
  private hangsUntil(): number | null {
    if (this.model.alive > 0) return null;
    const ends = this.model.processes.all.filter((each) => each.ended && each.state !== 'exited');
    if (ends.length === 0) return null;
    const { main } = this.model;
    if (main !== null && ends.includes(main)) return main.endedAt - DEATHS_SPREAD;
    return Math.max(...ends.map((each) => each.endedAt)) - DEATHS_SPREAD;
  }

  private readEnd(now: number): void {
    if (this.mainTold) return;
    const end = readSessionEnd(this.folder);
    if (end === null) return;
    this.mainTold = true;
    this.reader.poll();
    const { origin } = this.model;
    // Where nothing was recorded there is no clock: it has ended, and that is all.
    mainEnded(this.model, end, origin === 0 ? 0 : Math.max(this.endOnJournalsClock(end.endedAt, now), origin));
  }

  /** A wall clock that jumped between our time and the program's leads nowhere: then only the time from start to end counts. */
  private endOnJournalsClock(endedAt: number, now: number): number {
    const offset = this.reader.wallOffset;
    if (offset === null) return now;
    const { startedAt } = this.source.file;
    const { origin } = this.model;
    const begun = (origin + offset) / 1e6;
    const jumped = startedAt > 0 && (begun < startedAt - CLOCKS_DIFFER || begun > endedAt + CLOCKS_DIFFER);
    return jumped ? origin + (endedAt - startedAt) * 1e6 : endedAt * 1e6 - offset;
  }

  /** Ms since the first journal began: the zero of every other time of the session. */
  private durationMs(): number {
    const { model } = this;
    if (model.origin === 0) return 0;
    if (!this.finished && !this.source.recorded) return Math.max(0, (this.clock() - model.origin) / 1e6);
    if (this.lasted !== null) return this.lasted;
    let last = model.now;
    for (const process of model.processes.all) last = Math.max(last, process.endedAt);
    const lasted = Math.max(0, (last - model.origin) / 1e6);
    if (this.finished) this.lasted = lasted;
    return lasted;
  }

  /** What looking at it costs now. */
  get reading(): SessionReader['work'] {
    return this.reader.work;
  }

  /** Changes since the last call; null if there are none. */
  takeDelta(): SessionDelta | null {
    const changed = this.monitor.takeChanged();
    const delta = this.deltas.take(this.durationMs());
    if (!changed) return delta;
    return { ...(delta ?? { id: this.id, full: false }), ...this.found() };
  }
  snapshot(): SessionDelta {
    return { ...this.deltas.full(this.durationMs()), ...this.found() };
  }
  private found(): Pick<SessionDelta, 'findings' | 'waitGraph'> {
    return { findings: this.monitor.findings, waitGraph: this.monitor.waitGraph };
  }
  get status(): SessionStatus {
    return sessionStatus(this.model, this.durationMs());
  }
  get findings(): readonly Finding[] {
    return this.monitor.findings;
  }
  /** A finding in the report's shape; null if there is none with this id now. */
  reportFinding(id: string): ReportFinding | null {
    const found = this.findings.find((each) => each.id === id);
    return found === undefined ? null : reportFinding(found);
  }

  async refresh(): Promise<void> {
    if (!this.source.recorded && !this.finished) await new Promise((resolve) => setTimeout(resolve, SETTLE));
    while (this.poll()) await new Promise((resolve) => setImmediate(resolve));
  }
  /** The last look of who goes, though processes may live on: what it says from now on is what its recording will say. */
  async finish(): Promise<void> {
    await this.refresh();
    if (this.finished) return;
    while (this.reader.poll({ final: true }).more) await new Promise((resolve) => setImmediate(resolve));
    this.concludeNow();
  }
  /** Reads all slots and evaluates the findings now, because the program may end in a moment. */
  lookNow(): void {
    if (this.disposed || this.finished || this.source.recorded) return;
    this.lastSlots = Number.NEGATIVE_INFINITY;
    this.poll();
    if (!this.finished) this.monitor.evaluateNow(this.clock());
  }
  /** Checks the processes at the next poll instead of within half a second; for callers that wait for an end. */
  lookSoon(): void {
    this.lastLook = 0;
  }

  messages(filter: MessageFilter, offset: number, limit: number): Promise<MessagesResult> {
    return this.pages.page(filter, offset, limit);
  }
  async message(id: number): Promise<MessageDetail | null> {
    return this.pages.detail(id);
  }
  tasks(params: Omit<TasksParams, 'sessionId'>): TasksResult {
    return this.taskPages.page(params);
  }
  task(id: number): TaskDetail | null {
    return this.taskPages.detail(id);
  }
  depthHistory(channelId: ChannelId, points: number): readonly DepthPoint[] {
    const channel = this.model.channels.all.find((each) => each.id === channelId);
    return channel?.history.points(points, this.model.origin) ?? [];
  }
  timeline(params: Omit<TimelineParams, 'sessionId'>): TimelineResult {
    return timeline(this.model, this.reader, params, this.model.origin + this.durationMs() * 1e6);
  }
  moment(atMs: number): Moment {
    return momentAt(this.model, this.reader, this.model.origin + atMs * 1e6);
  }
  channelOf(key: string): ChannelKeys | null {
    const found = this.model.channels.keyed(key);
    if (found === null) return null;
    const { channel } = found;
    return { id: channel.id, name: channel.name, keys: this.model.channels.keysOf(channel) };
  }
  keysNamed(name: string): readonly string[] {
    const { channels } = this.model;
    const named = channels.all.filter((each) => each.name === name || (each.names?.includes(name) ?? false));
    return named.flatMap((each) => channels.keysOf(each));
  }
  report(): Report {
    return inEnglish(() => makeReport(this.model, this.durationMs(), this.findings));
  }

  control(processId: ProcessId, action: ControlAction): Controlled {
    const found = this.model.processes.byId.get(processId);
    if (found === undefined) return { error: `There is no process ${processId} in this session.` };
    if (this.source.recorded) return { error: 'This session is a recording: its processes are gone.' };
    const name = found.name || 'The process';
    if (found.ended) return { error: `${name} (pid ${found.pid}) has ended already.`, gone: true };
    // A process that was never checked is checked now.
    if (this.liveness.seen(found) === null) this.liveness.check(this.clock(), () => this.reader.poll());
    this.lookSoon();
    if (action !== 'interrupt') stopRequested(found);
    const seen = this.liveness.seen(found);
    const controlled = control(
      {
        pid: this.liveness.pidOf(found),
        name,
        startTicks: seen?.ticks ?? null,
        belongs: seen?.belongs ?? false,
        folder: this.folder,
        firstSeen: Date.now() - (this.clock() - found.startedAt) / 1e6,
      },
      action,
    );
    log.note('program', `${action} of pid ${found.pid}: ${controlled.error ?? 'sent'}`);
    if (controlled.error === undefined && action !== 'interrupt') signalSent(found, signalOf(action));
    return controlled;
  }

  get lineProblems(): readonly LineProblem[] {
    return this.model.lineProblems.map(({ process: { pid, name }, reason }) => ({ pid, name, reason }));
  }
  pause(pid: number, at: PausedAt | null): void {
    const found = [...this.model.processes.living].findLast((each) => each.pid === pid);
    if (found === undefined) return;
    pausedAt(this.model, found, at);
  }

  async save(file: string): Promise<void> {
    await this.refresh();
    const alive = [...this.model.processes.living].map((each) => each.id);
    const ended = { ...this.source.observations?.ended, ...Object.fromEntries(this.liveness.observed) };
    const observations = {
      ended,
      alive,
      hangs: this.monitor.hangs,
      clocks: this.reader.shifts,
      savedAt: this.clock(),
      shown: shownBy(this.model),
    };
    await writeOutput({ file, kind: 'recording' }, (fd) => packRecording(this.folder, fd, observations));
  }

  dispose(deleteFolder: boolean): void {
    if (this.disposed) return;
    this.disposed = true;
    log.note('session', `${this.id} is let go${deleteFolder || this.source.temporary ? ', with its folder' : ''}`);
    this.reader.dispose();
    this.model.dispose();
    if (deleteFolder || this.source.temporary) rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function endText({ exitCode, signal, durationMs, counts, warnings }: SessionStatus): string {
  const main = signal ?? (exitCode === null ? 'nobody saw how' : `exit code ${exitCode}`);
  const said = warnings.length === 0 ? '' : `; warnings: ${warnings.join(' ')}`;
  return `${main}, after ${Math.round(durationMs)} ms, ${counts.processes} processes, ${counts.messages} messages${said}`;
}

/** The name of the program of this command line for the user. */
export function scriptName(command: readonly string[]): string {
  return programName(['python', ...command.slice(1)]) || basename(command[0] ?? 'program');
}
