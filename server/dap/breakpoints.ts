/** What the user wants to stop at, as the editor set it; and whether a hit counts. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as l10n from '@vscode/l10n';
import type { Conditions, FilterName, PlannedFunction, PlannedLine } from '../debug/pauses/plan';
import { readNamed } from '../engine/files/input';

/** Calls that a line breakpoint can stop at, as they look in source. */
const OPERATION =
  /(?:\.|\b)(?:put|put_nowait|get|get_nowait|send|send_bytes|recv|recv_bytes|recv_bytes_into|start|fork|join|apply|apply_async|map|map_async|starmap|starmap_async|imap|imap_unordered|submit)\b/;

interface Filter {
  readonly filter: FilterName;
  readonly label: string;
  readonly description: string;
}

/** The checkboxes of the Breakpoints view. */
export function filters(): DebugProtocol.ExceptionBreakpointsFilter[] {
  return [...lineFilters(), ...messageFilters()];
}

/** Those for messages. */
export function messageFilters(): DebugProtocol.ExceptionBreakpointsFilter[] {
  const all: Filter[] = [
    {
      filter: 'send',
      label: l10n.t('Every put and send'),
      description: l10n.t('Stops before a message goes on its way.'),
    },
    { filter: 'receive', label: l10n.t('Every get and receive'), description: l10n.t('Stops when a message came.') },
    {
      filter: 'start',
      label: l10n.t('A process starts'),
      description: l10n.t('Stops the parent before the start or fork.'),
    },
    {
      filter: 'badEnd',
      label: l10n.t('A process ends badly'),
      description: l10n.t('Stops whoever joins a process that ended with an error or a signal.'),
    },
    {
      filter: 'task',
      label: l10n.t('A pool’s task starts or ends'),
      description: l10n.t('Stops the worker before the function runs and before its result is sent.'),
    },
    {
      filter: 'limit',
      label: l10n.t('Full, Empty and time-outs'),
      description: l10n.t('Stops before the exception reaches the program.'),
    },
    {
      filter: 'broken',
      label: l10n.t('End of file and broken pipes'),
      description: l10n.t('Stops before the exception reaches the program.'),
    },
    {
      filter: 'unpicklable',
      label: l10n.t('An item that cannot be pickled'),
      description: l10n.t('Stops at the put: the queue would drop it in silence.'),
    },
    {
      filter: 'finding',
      label: l10n.t('A finding is raised'),
      description: l10n.t('Stops the processes that it is about: a deadlock, a lost item, a lock of a dead process, …'),
    },
  ];
  return all.map((each) => ({
    ...each,
    default: false,
    supportsCondition: true,
    conditionDescription:
      each.filter === 'finding'
        ? l10n.t('A code ("deadlock"), or several with spaces between.')
        : l10n.t(
            'Python with the names of the line and "message". Also "hits: >= 3" and "log: text with {message}", after a semicolon.',
          ),
  }));
}

/** Checkboxes of the line debugger. */
const LINE_FILTERS = ['raised', 'userUnhandled', 'uncaught'];

function lineFilters(): DebugProtocol.ExceptionBreakpointsFilter[] {
  return [
    { filter: 'raised', label: l10n.t('Raised exceptions'), description: l10n.t('Stops whenever one is raised.') },
    {
      filter: 'userUnhandled',
      label: l10n.t('User-unhandled exceptions'),
      description: l10n.t('Stops when one leaves your code for a library’s.'),
    },
    {
      filter: 'uncaught',
      label: l10n.t('Uncaught exceptions'),
      description: l10n.t('Stops before one ends the process.'),
      default: true,
    },
  ];
}

/** Who stops at lines: the stops at messages themselves; a line debugger of ours; one that is not ours; nobody, as nothing is stopped at. */
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
  private readonly asked = new Map<
    string,
    { readonly id: number; readonly wanted: DebugProtocol.SourceBreakpoint }[]
  >();
  /** The lines that the line debugger gave them. */
  private readonly moved = new Map<number, number>();
  /** What the editor knows of a breakpoint, by its number. */
  private readonly told = new Map<number, string>();
  owner: LineOwner = 'messages';
  private readonly known = new Map<number, Known>();
  private readonly counts = new Map<number, number>();

  setLines(args: DebugProtocol.SetBreakpointsArguments): DebugProtocol.Breakpoint[] {
    const file = args.source.path ?? '';
    const text = sourceLines(file);
    const wanted: { conditions: Conditions; line: number }[] = [];
    const asked: { id: number; wanted: DebugProtocol.SourceBreakpoint }[] = [];
    this.asked.set(file, asked);
    const answers = (args.breakpoints ?? []).map((each): DebugProtocol.Breakpoint => {
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

  setFunctions(wanted: readonly DebugProtocol.FunctionBreakpoint[]): DebugProtocol.Breakpoint[] {
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

  setFilters(args: DebugProtocol.SetExceptionBreakpointsArguments): DebugProtocol.Breakpoint[] {
    this.filtered = {};
    const wanted = [
      ...args.filters.map((filterId) => ({ filterId, condition: undefined })),
      ...(args.filterOptions ?? []),
    ];
    const names = new Set<string>(filters().map((each) => each.filter));
    this.lineFilters = wanted.map((each) => each.filterId).filter((each) => LINE_FILTERS.includes(each));
    return wanted.map(({ filterId, condition }) => {
      const made = this.make(filterId === 'finding' ? { condition } : extended({ condition }));
      if (this.owner === 'nobody') return { id: made.id, verified: false, message: notDebuggedText() };
      if (LINE_FILTERS.includes(filterId)) {
        const message = l10n.t('No line debugger runs: debugpy was not found, or "lineDebugging" is "off".');
        return this.owner === 'debugger' ? { id: made.id, verified: true } : { id: made.id, verified: false, message };
      }
      if ('problem' in made || !names.has(filterId))
        return { verified: false, message: l10n.t('There is no filter {0}.', filterId) };
      this.filtered[filterId as FilterName] = made;
      return { id: made.id, verified: true };
    });
  }

  /** Files that have breakpoints, and those of one, as the editor asked for them. */
  get files(): readonly string[] {
    return [...this.asked.keys()];
  }
  linesOf(file: string): readonly { readonly id: number; readonly wanted: DebugProtocol.SourceBreakpoint }[] {
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
  learned(breakpoint: DebugProtocol.Breakpoint): boolean {
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

  private make(wanted: {
    condition?: string | undefined;
    hitCondition?: string | undefined;
    logMessage?: string | undefined;
  }): Conditions | { id: number; problem: string } {
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

interface Extended {
  readonly condition?: string | undefined;
  readonly hitCondition?: string | undefined;
  readonly logMessage?: string | undefined;
}

/** Editors ask for a hit count or a log message only where a line is: elsewhere both may stand in the condition, "hits: 3; log: text". */
function extended(given: Extended): Extended {
  const log = /(?:^|;)\s*log:\s*([\s\S]*)$/.exec(given.condition ?? '');
  const before = log === null ? given.condition : given.condition?.slice(0, log.index);
  const hits = /(?:^|;)\s*hits?:\s*([^;]*)/.exec(before ?? '');
  const rest = hits === null ? before : before?.replace(hits[0], '');
  return {
    condition: rest?.replace(/^[\s;]+/, '').trim() || undefined,
    hitCondition: hits?.[1]?.trim() || given.hitCondition,
    logMessage: log?.[1]?.trim() || given.logMessage,
  };
}

/** "3" is the third hit; also ">= 3", "> 3", "<= 3", "< 3", "% 3". Undefined: not understood. */
function hitRule(text: string): ((count: number) => boolean) | undefined {
  const found = /^\s*(>=|<=|==|=|>|<|%)?\s*(\d+)\s*$/.exec(text);
  if (found === null) return undefined;
  const wanted = Number(found[2]);
  const rules: Record<string, (count: number) => boolean> = {
    '>=': (count) => count >= wanted,
    '<=': (count) => count <= wanted,
    '>': (count) => count > wanted,
    '<': (count) => count < wanted,
    '%': (count) => wanted > 0 && count % wanted === 0,
  };
  return rules[found[1] ?? ''] ?? ((count) => count === wanted);
}

/** No program text is larger, in bytes. */
const MAX_SOURCE = 16 * 2 ** 20;

function sourceLines(file: string): string[] {
  return readNamed(file, MAX_SOURCE)?.text.split(/\r?\n/) ?? [];
}
