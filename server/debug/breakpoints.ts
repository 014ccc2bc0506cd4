/** What the user wants to stop at, as the editor set it; and whether a hit counts. */
import * as l10n from '@vscode/l10n';
import { readNamed } from '../engine/files/input';
import { type BreakpointTerms, extended, hitRule } from './hitRule';
import { type Conditions, FILTER_NAMES, type FilterName, type PlannedFunction, type PlannedLine } from './pauses/plan';

/** Calls that a line breakpoint can stop at, as they look in source. */
const OPERATION =
  /(?:\.|\b)(?:put|put_nowait|get|get_nowait|send|send_bytes|recv|recv_bytes|recv_bytes_into|start|fork|join|apply|apply_async|map|map_async|starmap|starmap_async|imap|imap_unordered|submit)\b/;

/** Exceptions that the line debugger stops at. */
export const LINE_FILTERS = ['raised', 'userUnhandled', 'uncaught'] as const;
export type LineFilterName = (typeof LINE_FILTERS)[number];

/** A breakpoint at a line, as the editor asks for it. `line` counts from 1. */
export interface WantedLine extends BreakpointTerms {
  readonly line: number;
}
/** A breakpoint by name, "tasks.put". */
export interface WantedFunction extends BreakpointTerms {
  readonly name: string;
}
export interface WantedFilter {
  readonly filterId: string;
  readonly condition?: string | undefined;
}
/** What became of a breakpoint; `message` says why it is not verified. */
export interface BreakpointAnswer {
  readonly id?: number;
  readonly verified: boolean;
  readonly line?: number;
  readonly message?: string;
}

/** Who stops at lines: the stops at messages themselves; a line debugger of ours; one that is not ours; none, as nothing is stopped at. */
type LineOwner = 'messages' | 'debugger' | 'other' | 'nobody';

const notDebuggedText = (): string => l10n.t('The program runs without debugging.');

interface Known {
  readonly id: number;
  readonly hits: ((count: number) => boolean) | null;
}

export class Breakpoints {
  private last = 0;
  private readonly byFile = new Map<string, { conditions: Conditions; line: number }[]>();
  private functions: PlannedFunction[] = [];
  private filtered: Partial<Record<FilterName, Conditions>> = {};
  private lineFilters: string[] = [];
  private readonly asked = new Map<string, { readonly id: number; readonly wanted: WantedLine }[]>();
  /** The lines that the line debugger gave them. */
  private readonly moved = new Map<number, number>();
  /** What the editor knows of a breakpoint, by its number. */
  private readonly told = new Map<number, string>();
  owner: LineOwner = 'messages';
  private readonly known = new Map<number, Known>();
  private readonly counts = new Map<number, number>();

  /** @param file its path; what is asked for replaces what was */
  setLines(file: string, lines: readonly WantedLine[]): BreakpointAnswer[] {
    const text = sourceLines(file);
    const wanted: { conditions: Conditions; line: number }[] = [];
    const asked: { id: number; wanted: WantedLine }[] = [];
    this.asked.set(file, asked);
    const answers = lines.map((each): BreakpointAnswer => {
      const made = this.make(each);
      asked.push({ id: made.id, wanted: each });
      if (this.owner !== 'messages') {
        const message =
          this.owner === 'debugger'
            ? l10n.t('No process has joined the line debugger yet.')
            : this.owner === 'nobody'
              ? notDebuggedText()
              : l10n.t('The Python debugger stops at lines.');
        return { id: made.id, verified: false, line: each.line, message };
      }
      if ('problem' in made) return { id: made.id, verified: false, line: each.line, message: made.problem };
      wanted.push({ conditions: made, line: each.line });
      const source = text[each.line - 1];
      if (source !== undefined && OPERATION.test(source)) return { id: made.id, verified: true, line: each.line };
      return {
        id: made.id,
        verified: false,
        line: each.line,
        message: l10n.t('Stops only if this line sends, receives, starts or joins: no line debugger runs.'),
      };
    });
    if (wanted.length > 0) this.byFile.set(file, wanted);
    else this.byFile.delete(file);
    return answers;
  }

  setFunctions(wanted: readonly WantedFunction[]): BreakpointAnswer[] {
    this.functions = [];
    return wanted.map((each) => {
      const made = this.make(extended(each));
      if (this.owner === 'nobody') return { id: made.id, verified: false, message: notDebuggedText() };
      const name = /^\s*([^\s.()]+)(?:\.([^\s.()]+))?(?:\(\))?\s*$/.exec(each.name);
      if ('problem' in made || name === null) {
        const problem =
          'problem' in made
            ? made.problem
            : l10n.t('Write a queue or pipe ("tasks"), a call ("tasks.put", "Process.start") or a task’s function.');
        return { id: made.id, verified: false, message: problem };
      }
      this.functions.push({ ...made, target: name[1] ?? null, call: name[2] ?? null });
      return { id: made.id, verified: true };
    });
  }

  setFilters(wanted: readonly WantedFilter[]): BreakpointAnswer[] {
    this.filtered = {};
    this.lineFilters = wanted.map((each) => each.filterId).filter(isLineFilter);
    return wanted.map(({ filterId, condition }) => {
      const made = this.make(filterId === 'finding' ? { condition } : extended({ condition }));
      if (this.owner === 'nobody') return { id: made.id, verified: false, message: notDebuggedText() };
      if (isLineFilter(filterId)) {
        const message = l10n.t('No line debugger runs: debugpy was not found, or "lineDebugging" is "off".');
        return this.owner === 'debugger' ? { id: made.id, verified: true } : { id: made.id, verified: false, message };
      }
      if ('problem' in made || !isFilter(filterId))
        return { verified: false, message: l10n.t('There is no filter {0}.', filterId) };
      this.filtered[filterId] = made;
      return { id: made.id, verified: true };
    });
  }

  /** Files that have breakpoints, and those of one, as the editor asked for them. */
  get files(): readonly string[] {
    return [...this.asked.keys()];
  }
  linesOf(file: string): readonly { readonly id: number; readonly wanted: WantedLine }[] {
    return this.asked.get(file) ?? [];
  }
  /** Where a line breakpoint is. */
  placeOf(id: number | undefined): { readonly file: string; readonly line: number } | null {
    for (const [file, all] of this.asked) {
      const found = all.find((each) => each.id === id);
      if (found !== undefined) return { file, line: found.wanted.line };
    }
    return null;
  }
  /** Those at a line, where the debugger has them. */
  idsAt(file: string, line: number): number[] {
    return (this.asked.get(file) ?? [])
      .filter(({ id, wanted }) => (this.moved.get(id) ?? wanted.line) === line)
      .map((each) => each.id);
  }
  get exceptions(): { readonly filters: readonly string[] } {
    return { filters: this.lineFilters };
  }
  /** Whether what is said of a breakpoint is new to the editor. */
  learned(breakpoint: BreakpointAnswer): boolean {
    const text = JSON.stringify(breakpoint);
    if (breakpoint.id !== undefined && breakpoint.line !== undefined) this.moved.set(breakpoint.id, breakpoint.line);
    if (breakpoint.id === undefined || this.told.get(breakpoint.id) === text) return false;
    this.told.set(breakpoint.id, text);
    return true;
  }

  get lines(): PlannedLine[] {
    if (this.owner !== 'messages') return [];
    return [...this.byFile].flatMap(([file, all]) =>
      all.map((each) => ({ ...each.conditions, file, line: each.line })),
    );
  }
  /** @param keysOf descriptors of the channels of a name */
  named(keysOf: (name: string) => readonly string[]): readonly PlannedFunction[] {
    return this.functions.map((each) => {
      const keys = each.target === null ? [] : keysOf(each.target);
      return keys.length === 0 ? each : { ...each, keys };
    });
  }
  /** What the processes look for themselves. */
  get filters(): Readonly<Partial<Record<FilterName, Conditions>>> {
    const { finding: _ours, ...theirs } = this.filtered;
    return theirs;
  }
  /** Whether a finding of this code is one to stop at, and the breakpoint's number; null: it is not. */
  stopsAtFinding(code: string): number | null {
    const wanted = this.filtered.finding;
    if (wanted === undefined) return null;
    const codes = wanted.condition?.split(/[^\w-]+/).filter((each) => each !== '') ?? [];
    return codes.length === 0 || codes.includes(code) ? wanted.id : null;
  }
  get hasFunctions(): boolean {
    return this.functions.length > 0;
  }
  get any(): boolean {
    return this.byFile.size > 0 || this.functions.length > 0 || Object.keys(this.filters).length > 0;
  }

  /** Counts a hit, over all processes; says whether it is one to stop at. */
  counted(id: number): boolean {
    const count = (this.counts.get(id) ?? 0) + 1;
    this.counts.set(id, count);
    return this.known.get(id)?.hits?.(count) ?? true;
  }

  /** How often it was hit until now. */
  hitsOf(id: number): number {
    return this.counts.get(id) ?? 0;
  }

  private make(wanted: BreakpointTerms): Conditions | { id: number; problem: string } {
    this.last += 1;
    const id = this.last;
    const hits = wanted.hitCondition ? hitRule(wanted.hitCondition) : null;
    if (hits === undefined) return { id, problem: l10n.t('Write a number, or ">= 3", "% 10" as the hit count.') };
    this.known.set(id, { id, hits });
    return {
      id,
      ...(wanted.condition ? { condition: wanted.condition } : {}),
      ...(wanted.logMessage ? { log: wanted.logMessage } : {}),
    };
  }
}

const isLineFilter = (name: string): boolean => (LINE_FILTERS as readonly string[]).includes(name);
const isFilter = (name: string): name is FilterName => (FILTER_NAMES as readonly string[]).includes(name);

/** No program text is larger, in bytes. */
const MAX_SOURCE = 16 * 2 ** 20;

function sourceLines(file: string): string[] {
  return readNamed(file, MAX_SOURCE)?.text.split(/\r?\n/) ?? [];
}
