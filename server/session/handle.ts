import { readdirSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { facts } from '../control/processes';
import { control, type Target } from '../control/signals';
import { SessionReader } from '../ingest/session-reader';
import { SessionModel } from '../model/model';
import { type Process, programName } from '../model/processes';
import type { Report } from '../protocol/report';
import type { ControlAction, MessagesResult, SessionDelta } from '../protocol/stream';
import type { ChannelId, DepthPoint, MessageDetail, MessageFilter, ProcessId, SessionMeta } from '../protocol/views';
import { readSessionEnd } from './folder';
import { MessagePages } from './message-pages';
import { saveRecording } from './recording';
import { makeReport } from './report';
import type { SessionFile, SessionHandle } from './types';

const monotonic = (): number => Number(process.hrtime.bigint());
/** Processes and cells are asked less often when there are many of them. */
const FACTS_EVERY_MS = 400;
const MANY = 64;

/** One session: a folder of journals, the model of it, and what the operating system says meanwhile. */
export class Session implements SessionHandle {
  readonly id: string;
  readonly model: SessionModel;
  readonly reader: SessionReader;
  readonly pages: MessagePages;
  private readonly targets = new Map<Process, Target>();
  private lastFacts = 0;
  private lastCells = 0;
  private ended: { at: number; wall: number } | null = null;
  finished = false;

  /**
   * @param source what the user opened: the folder, or the recording that was unpacked into it
   * @param recorded everything in it is over: nothing is waited for, no process is asked about
   */
  constructor(
    readonly folder: string,
    private readonly file: SessionFile,
    source: string,
    private readonly recorded: boolean,
    private readonly temporary: boolean,
  ) {
    this.id = file.id;
    const meta: SessionMeta = {
      id: file.id,
      name: scriptName(file.command),
      command: file.command,
      cwd: file.cwd,
      python: file.python,
      platform: file.platform,
      startedAt: new Date(file.startedAt).toISOString(),
      recorded,
      source,
    };
    this.model = new SessionModel(meta);
    this.reader = new SessionReader(folder, this.model, recorded || process.platform === 'win32' ? null : monotonic);
    this.pages = new MessagePages(this.model, this.reader);
    if (recorded) this.readWhole();
  }

  /** Reads what is there; true when there is more to read at once. */
  poll(): boolean {
    if (this.finished) return false;
    const now = Date.now();
    const many = this.model.alive > MANY;
    const cells = now - this.lastCells >= (many ? 500 : 45);
    if (cells) this.lastCells = now;
    const { more } = this.reader.poll({ cells });
    if (!more && now - this.lastFacts >= FACTS_EVERY_MS) {
      this.lastFacts = now;
      this.askSystem();
    }
    return more;
  }

  async refresh(): Promise<void> {
    if (this.finished) return;
    while (this.reader.poll({ final: true }).more) await new Promise((resolve) => setImmediate(resolve));
    this.reader.poll({ cells: true });
    this.askSystem();
  }

  /** What changed since the last call; null: nothing. */
  takeDelta(): SessionDelta | null {
    return this.model.takeDelta(this.durationMs());
  }
  snapshot(): SessionDelta {
    return this.model.fullDelta(this.durationMs());
  }
  messages(filter: MessageFilter, offset: number, limit: number): Promise<MessagesResult> {
    return this.pages.page(filter, offset, limit);
  }
  async message(id: number): Promise<MessageDetail | null> {
    return this.pages.detail(id);
  }
  depthHistory(channelId: ChannelId, points: number): readonly DepthPoint[] {
    const channel = this.model.channels.all.find((each) => each.id === channelId);
    return channel?.history.points(points, this.model.origin) ?? [];
  }
  report(): Report {
    return makeReport(this.model, this.durationMs());
  }
  control(processId: ProcessId, action: ControlAction): { error?: string } {
    const found = this.model.processes.all.find((each) => each.id === processId);
    if (found === undefined) return { error: `There is no process ${processId} in this session.` };
    if (this.recorded) return { error: 'This session is a recording: its processes are gone.' };
    if (found.ended) return { error: `${found.name} (pid ${found.pid}) has ended already.` };
    return control(this.targets.get(found) ?? { pid: found.pid, name: found.name, startTicks: null }, action);
  }
  save(file: string): Promise<void> {
    return saveRecording(this.folder, file);
  }

  dispose(deleteFolder: boolean): void {
    this.reader.dispose();
    this.model.dispose();
    if (deleteFolder || this.temporary) rmSync(this.folder, { recursive: true, force: true });
  }

  private durationMs(): number {
    if (this.recorded || this.ended !== null) {
      const last = Math.max(this.model.now, ...this.model.processes.all.map((each) => each.endedAt));
      const wall = (this.ended?.wall ?? 0) - this.file.startedAt;
      return wall > 0 ? wall : Math.max(0, (last - this.model.origin) / 1e6);
    }
    return Date.now() - this.file.startedAt;
  }

  private readWhole(): void {
    while (this.reader.poll({ final: true }).more);
    this.noteEnd();
    for (const each of this.model.processes.all) this.model.processGone(each, this.model.now);
    this.model.state = 'ended';
    this.finished = true;
    this.readNotes();
  }

  /** Which processes live, what they use, and whether the main one's end was noted. */
  private askSystem(): void {
    for (const each of this.model.processes.all) {
      if (each.ended) continue;
      const now = facts(each.pid);
      const known = this.targets.get(each);
      const another =
        known !== undefined && now !== null && known.startTicks !== null && now.startTicks !== known.startTicks;
      if (now === null || another) {
        // What it recorded last may not be read yet: its own words come before the system's.
        while (this.reader.poll({ final: true }).more);
        this.model.processGone(each, monotonic());
        continue;
      }
      if (known === undefined) this.targets.set(each, { pid: each.pid, name: each.name, startTicks: now.startTicks });
      if (now.zombie) {
        if (now.ended !== null) this.model.processGone(each, monotonic(), now.ended);
        else if (each.exitSaid) this.model.processGone(each, monotonic());
      } else if (each.cpuSeconds !== now.cpuSeconds || each.memoryBytes !== now.memoryBytes) {
        each.cpuSeconds = now.cpuSeconds;
        each.memoryBytes = now.memoryBytes;
        this.model.processes.dirtyStatus.add(each);
      }
    }
    this.noteEnd();
    if (this.ended !== null && this.model.alive === 0) {
      while (this.reader.poll({ final: true }).more);
      this.model.state = 'ended';
      this.finished = true;
      this.readNotes();
    }
  }

  private noteEnd(): void {
    if (this.ended !== null) return;
    const end = readSessionEnd(this.folder);
    if (end === null) return;
    while (this.reader.poll({ final: true }).more);
    this.ended = { at: monotonic(), wall: end.endedAt };
    this.model.mainEnded(end, this.recorded ? Math.max(this.model.now, this.model.origin) : monotonic());
    if (this.model.main?.image === null || this.model.main?.image === undefined) {
      this.model.warn('The program was not recorded: its Python ignores the environment (-I or -E), or is too old.');
    }
  }

  /** Notes that a process left because it could not record. */
  private readNotes(): void {
    let names: string[] = [];
    try {
      names = readdirSync(this.folder).filter((name) => name.startsWith('note-'));
    } catch {
      return;
    }
    for (const name of names.slice(0, 20))
      this.model.warn(`Process ${name.replace(/\D/g, '')} was not recorded: there was no room for its journal.`);
  }
}

/** What the user calls the program of this command line. */
export function scriptName(command: readonly string[]): string {
  return programName(['python', ...command.slice(1)]) || basename(command[0] ?? 'program');
}
