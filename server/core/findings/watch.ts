import { createHash } from 'node:crypto';
import type { FindingFacts } from '../../protocol/findingParams';
import type { Finding, FindingLine, Severity, WaitGraph } from '../../protocol/views';
import type { Process } from '../model/entities/process';
import { waitGraph } from '../model/project/waitGraph';
import { blockersOf, waitViews } from '../model/project/waits';
import { Waits } from '../model/query/waits';
import type { SessionModel } from '../model/state/sessionModel';
import { CHECKS } from '.';
import { mutes, mutesNext } from './mute';
import { outcomeOf, type Sighting, sight } from './persistence';
import type { Check, Draft, Scene } from './types';

/** A line of source as it is now; '' when it cannot be read. Lines count from 1. */
type ReadLine = (file: string, line: number) => string;

interface WatchOptions {
  readonly readLine: ReadLine;
  /** Codes that nobody wants to see; asked at every look. */
  readonly muted: () => ReadonlySet<string>;
  /** What was found when the session was recorded, and cannot be found in what is left of it. */
  readonly kept?: readonly Finding[];
  /** Tells of a check that failed: one line for the session's warnings. */
  readonly failed?: (sentence: string) => void;
  /** Tells why a finding was raised or withdrawn: one line for the log. */
  readonly noted?: (what: () => string) => void;
}

/** Between two looks while something changes, and while a hang waits to be confirmed, ns. */
const INTERVAL = 480e6;
const CONFIRM = 230e6;
/** Between two looks while nothing changes: some findings come with time. */
const REST = 2e9;
/** So long a hang that is not found any more is kept while nothing tells how it ended, ns. */
const UNKNOWN = 2e9;
/** A look may take this part of the time. */
const SHARE = 20;
const MAX_FINDINGS = 200;
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

interface Found {
  readonly check: Check;
  draft: Draft;
  /** Looks in a row that found it. */
  seen: number;
  /** As it was when it was found last. */
  sighting: Sighting;
  /** Since it is not found any more, monotonic ns; null: it is. */
  goneSince: number | null;
  over: boolean;
}

/** Looks at one session's model again and again: what is wrong with its program now, and who waits for whom. */
export class Watch {
  private readonly found = new Map<string, Found>();
  private last = Number.NEGATIVE_INFINITY;
  private pause = 0;
  private revision = -1;
  private pending = false;
  private graph: WaitGraph = { nodes: [], edges: [], cycles: [] };
  private list: readonly Finding[] = [];
  private listKey = '';
  private graphKey = '';
  private dirty = false;
  private readonly views = new Map<Process, string>();

  constructor(
    private readonly model: SessionModel,
    private readonly options: WatchOptions,
  ) {
    this.graphKey = JSON.stringify(this.graph);
  }

  get findings(): readonly Finding[] {
    return this.list;
  }
  get waitGraph(): WaitGraph {
    return this.graph;
  }

  /** True once after each change. */
  takeChanged(): boolean {
    const { dirty } = this;
    this.dirty = false;
    return dirty;
  }

  /** Looks when it is time to. @param now monotonic ns */
  tick(now: number): void {
    const passed = now - this.last;
    const changed = this.revision !== this.model.changes.revision;
    const due = this.pending ? CONFIRM : changed ? INTERVAL : REST;
    if (passed < Math.max(due, this.pause)) return;
    this.look(now);
  }

  /** Looks without waiting for its time, but for two looks at the same hang. @param now monotonic ns */
  lookNow(now: number): void {
    if (now - this.last >= CONFIRM) this.look(now);
  }

  /**
   * The last look, when nothing changes any more. What hung until then is over.
   * @param at the moment to look at, monotonic ns; null: now
   * @param once this look is enough for a hang, as a look at the past is
   */
  conclude(now: number, at: number | null, once = false): void {
    this.look(now, { final: true, at, once });
  }

  private look(now: number, { final = false, at = null as number | null, once = false } = {}): void {
    const began = performance.now();
    this.last = now;
    this.revision = this.model.changes.revision;
    const waits = new Waits(this.model, at, at ?? now);
    const scene: Scene = { model: this.model, waits, now, final, explained: new Set() };
    const drafts = new Map<string, { check: Check; draft: Draft }>();
    for (const check of CHECKS) {
      for (const draft of this.run(check, scene)) {
        const id = idOf(check, draft);
        if (!drafts.has(id)) drafts.set(id, { check, draft });
      }
    }
    this.merge(drafts, waits, { now, final, past: at !== null, once: once || at !== null });
    this.pending = [...this.found.values()].some(
      (each) => each.check.kind === 'hang' && (each.seen === 1 || (each.goneSince !== null && !each.over)),
    );
    this.tell(waits, final);
    this.pause = (performance.now() - began) * 1e6 * SHARE;
  }

  private run(check: Check, scene: Scene): Draft[] {
    try {
      return check.check(scene);
    } catch (error) {
      this.options.failed?.(`The check ${check.code} failed: ${(error as Error).message}.`);
      return [];
    }
  }

  private merge(
    drafts: Map<string, { check: Check; draft: Draft }>,
    waits: Waits,
    { now, final, past, once }: { now: number; final: boolean; past: boolean; once: boolean },
  ): void {
    for (const [id, { check, draft }] of drafts) {
      const known = this.found.get(id);
      const found = { draft, sighting: sight(draft.processes, waits), goneSince: null };
      const over = past && check.kind === 'hang';
      // Of the past, and at the end, there is one look only, and it does not change any more.
      if (known === undefined) this.found.set(id, { check, ...found, seen: once ? 2 : 1, over });
      else Object.assign(known, found, { seen: known.seen + 1, over });
      if (known === undefined || known.seen === 2) this.noteFound(id, past);
    }
    for (const [id, each] of this.found) {
      if (drafts.has(id) || each.over) continue;
      if (each.check.kind === 'fact' || each.seen === 1) {
        this.options.noted?.(
          () =>
            `${id} is withdrawn: ${each.check.kind === 'fact' ? 'it holds no more' : 'it was not found twice in a row'}`,
        );
        this.found.delete(id);
        continue;
      }
      if (each.goneSince === null) this.options.noted?.(() => `${id} is not found any more`);
      each.goneSince ??= now;
      const outcome = outcomeOf(each.sighting, waits, each.draft.untilSignal === true);
      if (outcome === 'ended from outside') each.over = true;
      else if (outcome === 'went on' || final || now - each.goneSince > UNKNOWN) this.found.delete(id);
      if (each.over || !this.found.has(id))
        this.options.noted?.(() => `${id} ${each.over ? 'stays, as over' : 'is withdrawn'}: ${outcome}`);
    }
  }

  private noteFound(id: string, past: boolean): void {
    this.options.noted?.(() => {
      const { check, draft, seen } = this.found.get(id) as Found;
      const raised = check.kind === 'fact' || seen > 1;
      const when = past ? ', in the past' : '';
      return `${id} is ${raised ? 'raised' : 'seen once'} (${check.kind}, ${draft.severity}${when}): ${draft.processes.map((each) => each.id).join(' ')}`;
    });
  }

  /** What is muted changed: the same findings, chosen anew. */
  chooseAnew(): void {
    const list = this.chosen();
    const listKey = JSON.stringify(list);
    if (listKey !== this.listKey) Object.assign(this, { list, listKey, dirty: true });
  }

  /** Hangs that lasted long enough to count, muted or not: for a recording. */
  get hangs(): readonly Finding[] {
    return [...this.counted((each) => each.check.kind === 'hang'), ...this.kept()].slice(0, MAX_FINDINGS);
  }

  private counted(wanted: (each: Found) => boolean): Finding[] {
    return [...this.found]
      .filter(([, each]) => wanted(each) && (each.check.kind === 'fact' || each.seen > 1))
      .map(([id, each]) => this.view(id, each));
  }

  /** Told of by the recording, and not found again. */
  private kept(): Finding[] {
    const kept = (this.options.kept ?? []).filter((each) => !this.found.has(each.id));
    return kept.map((each) => ({ ...each, over: true }));
  }

  /** The findings that are to be seen, the worst first. */
  private chosen(): Finding[] {
    return [...this.counted(() => true), ...this.kept()]
      .filter((each) => !this.isMuted(each))
      .sort((a, b) => RANK[a.severity] - RANK[b.severity] || a.sinceMs - b.sinceMs || (a.id < b.id ? -1 : 1))
      .slice(0, MAX_FINDINGS);
  }

  private tell(waits: Waits, final: boolean): void {
    this.updateViews(waits);
    const list = this.chosen();
    const listKey = JSON.stringify(list);
    const graph = final ? { nodes: [], edges: [], cycles: [] } : waitGraph(waits);
    const graphKey = JSON.stringify(graph);
    if (listKey === this.listKey && graphKey === this.graphKey) return;
    Object.assign(this, { list, listKey, graph, graphKey, dirty: true });
  }

  /** The waits that the screens show learn who could end them. */
  private updateViews(waits: Waits): void {
    const { model } = this;
    for (const process of this.views.keys())
      if (process.ended || waits.of(process).length === 0) this.views.delete(process);
    for (const process of model.processes.living) {
      const blocked = waits.of(process);
      if (blocked.length === 0) continue;
      for (const each of blocked) model.blocked.setBlockers(each, blockersOf(waits, each));
      const key = JSON.stringify(waitViews(model, process));
      if (this.views.get(process) === key) continue;
      this.views.set(process, key);
      model.changes.processes.status(process);
    }
  }

  private view(id: string, { check, draft, over }: Found): Finding {
    const { locations, origin } = this.model;
    const lines: FindingLine[] = [];
    for (const { line, caption, process } of draft.evidence) {
      const place = locations.line(line);
      if (place !== null) lines.push({ line: place, caption, processId: process?.id ?? null });
    }
    return {
      id,
      // A check answers the params of its own code.
      ...({ code: check.code, params: draft.params } as FindingFacts),
      severity: draft.severity,
      processes: [...new Set(draft.processes.map((each) => each.id))],
      channels: [...new Set((draft.channels ?? []).map((each) => each.id))],
      lines,
      sinceMs: Math.max(0, Math.round((draft.since - origin) / 1e3) / 1e3),
      over: over || draft.over === true,
    };
  }

  private isMuted(finding: Finding): boolean {
    if (this.options.muted().has(finding.code)) return true;
    const { readLine } = this.options;
    return finding.lines.some(
      ({ line: { file, line } }) =>
        mutes(readLine(file, line), finding.code) || (line > 1 && mutesNext(readLine(file, line - 1), finding.code)),
    );
  }
}

function idOf(check: Check, draft: Draft): string {
  return `${check.code}-${createHash('sha1').update(draft.key).digest('hex').slice(0, 10)}`;
}
