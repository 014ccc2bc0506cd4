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
import type { Candidate, Check, CheckContext } from './types';

/** The current text of a source line, counted from 1; '' if it cannot be read. */
type ReadLine = (file: string, line: number) => string;

interface MonitorOptions {
  readonly readLine: ReadLine;
  /** Codes that the user has muted; read at every evaluation. */
  readonly muted: () => ReadonlySet<string>;
  /** Findings stored in the recording, which the remaining data may no longer show. */
  readonly kept?: readonly Finding[];
  /** Reports a check that failed: one line for the session's warnings. */
  readonly failed?: (sentence: string) => void;
  /** Reports why a finding was raised or withdrawn: one line for the log. */
  readonly noted?: (what: () => string) => void;
}

/** Minimum time between two evaluations while the model changes, and while a hang waits for confirmation, ns. */
const INTERVAL = 480e6;
const CONFIRM = 230e6;
/** Time between two evaluations while nothing changes: some findings depend on elapsed time. */
const REST = 2e9;
/** How long a hang that is no longer detected is kept while its outcome is unknown, ns. */
const UNKNOWN = 2e9;
/** An evaluation may take one part in this many of the time. */
const SHARE = 20;
const MAX_FINDINGS = 200;
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

interface Found {
  readonly check: Check;
  candidate: Candidate;
  /** Number of evaluations that detected it. */
  seen: number;
  /** Its state when it was last detected. */
  sighting: Sighting;
  /** When it was no longer detected, monotonic ns. Null: it still is. */
  goneSince: number | null;
  over: boolean;
}

/** Evaluates the checks on one session's model repeatedly and maintains its findings and wait graph. */
export class FindingsMonitor {
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
    private readonly options: MonitorOptions,
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

  /** Evaluates the checks if an evaluation is due. @param now monotonic ns */
  tick(now: number): void {
    const passed = now - this.last;
    const changed = this.revision !== this.model.changes.revision;
    const due = this.pending ? CONFIRM : changed ? INTERVAL : REST;
    if (passed < Math.max(due, this.pause)) return;
    this.evaluate(now);
  }

  /** Evaluates the checks now, but keeps two evaluations of the same hang apart. @param now monotonic ns */
  evaluateNow(now: number): void {
    if (now - this.last >= CONFIRM) this.evaluate(now);
  }

  /**
   * Final evaluation, when the model no longer changes. Hangs that lasted until then are over.
   * @param at the moment to evaluate, monotonic ns; null: now
   * @param once one evaluation confirms a hang, as for a moment in the past
   */
  conclude(now: number, at: number | null, once = false): void {
    this.evaluate(now, { final: true, at, once });
  }

  private evaluate(now: number, { final = false, at = null as number | null, once = false } = {}): void {
    const began = performance.now();
    this.last = now;
    this.revision = this.model.changes.revision;
    const waits = new Waits(this.model, at, at ?? now);
    const context: CheckContext = { model: this.model, waits, now, final, explained: new Set() };
    const candidates = new Map<string, { check: Check; candidate: Candidate }>();
    for (const check of CHECKS) {
      for (const candidate of this.run(check, context)) {
        const id = idOf(check, candidate);
        if (!candidates.has(id)) candidates.set(id, { check, candidate });
      }
    }
    this.merge(candidates, waits, { now, final, past: at !== null, once: once || at !== null });
    this.pending = [...this.found.values()].some(
      (each) => each.check.kind === 'hang' && (each.seen === 1 || (each.goneSince !== null && !each.over)),
    );
    this.publish(waits, final);
    this.pause = (performance.now() - began) * 1e6 * SHARE;
  }

  private run(check: Check, context: CheckContext): Candidate[] {
    try {
      return check.check(context);
    } catch (error) {
      this.options.failed?.(`The check ${check.code} failed: ${(error as Error).message}.`);
      return [];
    }
  }

  private merge(
    candidates: Map<string, { check: Check; candidate: Candidate }>,
    waits: Waits,
    { now, final, past, once }: { now: number; final: boolean; past: boolean; once: boolean },
  ): void {
    for (const [id, { check, candidate }] of candidates) {
      const known = this.found.get(id);
      const found = { candidate, sighting: sight(candidate.processes, waits), goneSince: null };
      const over = past && check.kind === 'hang';
      // The past and the end are evaluated only once, because they no longer change.
      if (known === undefined) this.found.set(id, { check, ...found, seen: once ? 2 : 1, over });
      else Object.assign(known, found, { seen: known.seen + 1, over });
      if (known === undefined || known.seen === 2) this.noteFound(id, past);
    }
    for (const [id, each] of this.found) {
      if (candidates.has(id) || each.over) continue;
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
      const outcome = outcomeOf(each.sighting, waits, each.candidate.untilSignal === true);
      if (outcome === 'ended from outside') each.over = true;
      else if (outcome === 'went on' || final || now - each.goneSince > UNKNOWN) this.found.delete(id);
      if (each.over || !this.found.has(id))
        this.options.noted?.(() => `${id} ${each.over ? 'stays, as over' : 'is withdrawn'}: ${outcome}`);
    }
  }

  private noteFound(id: string, past: boolean): void {
    this.options.noted?.(() => {
      const { check, candidate, seen } = this.found.get(id) as Found;
      const raised = check.kind === 'fact' || seen > 1;
      const when = past ? ', in the past' : '';
      return `${id} is ${raised ? 'raised' : 'seen once'} (${check.kind}, ${candidate.severity}${when}): ${candidate.processes.map((each) => each.id).join(' ')}`;
    });
  }

  /** Filters the findings again after a change of the muted codes. */
  applyMutes(): void {
    const list = this.chosen();
    const listKey = JSON.stringify(list);
    if (listKey !== this.listKey) Object.assign(this, { list, listKey, dirty: true });
  }

  /** Confirmed hangs, muted or not, for a recording. */
  get hangs(): readonly Finding[] {
    return [...this.counted((each) => each.check.kind === 'hang'), ...this.kept()].slice(0, MAX_FINDINGS);
  }

  private counted(wanted: (each: Found) => boolean): Finding[] {
    return [...this.found]
      .filter(([, each]) => wanted(each) && (each.check.kind === 'fact' || each.seen > 1))
      .map(([id, each]) => this.view(id, each));
  }

  /** Findings stored in the recording that were not re-detected. */
  private kept(): Finding[] {
    const kept = (this.options.kept ?? []).filter((each) => !this.found.has(each.id));
    return kept.map((each) => ({ ...each, over: true }));
  }

  /** The findings to show, worst first. */
  private chosen(): Finding[] {
    return [...this.counted(() => true), ...this.kept()]
      .filter((each) => !this.isMuted(each))
      .sort((a, b) => RANK[a.severity] - RANK[b.severity] || a.sinceMs - b.sinceMs || (a.id < b.id ? -1 : 1))
      .slice(0, MAX_FINDINGS);
  }

  private publish(waits: Waits, final: boolean): void {
    this.updateViews(waits);
    const list = this.chosen();
    const listKey = JSON.stringify(list);
    const graph = final ? { nodes: [], edges: [], cycles: [] } : waitGraph(waits);
    const graphKey = JSON.stringify(graph);
    if (listKey === this.listKey && graphKey === this.graphKey) return;
    Object.assign(this, { list, listKey, graph, graphKey, dirty: true });
  }

  /** Updates the blockers in the views of all waits. */
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

  private view(id: string, { check, candidate, over }: Found): Finding {
    const { locations, origin } = this.model;
    const lines: FindingLine[] = [];
    for (const { line, caption, process } of candidate.evidence) {
      const place = locations.line(line);
      if (place !== null) lines.push({ line: place, caption, processId: process?.id ?? null });
    }
    return {
      id,
      // A check returns the params of its own code.
      ...({ code: check.code, params: candidate.params } as FindingFacts),
      severity: candidate.severity,
      processes: [...new Set(candidate.processes.map((each) => each.id))],
      channels: [...new Set((candidate.channels ?? []).map((each) => each.id))],
      lines,
      sinceMs: Math.max(0, Math.round((candidate.since - origin) / 1e3) / 1e3),
      over: over || candidate.over === true,
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

function idOf(check: Check, candidate: Candidate): string {
  return `${check.code}-${createHash('sha1').update(candidate.key).digest('hex').slice(0, 10)}`;
}
