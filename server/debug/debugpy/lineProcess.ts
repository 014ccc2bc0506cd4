/** One process with a line debugger: what debugpy is told, and which of its threads are paused. */
import { log } from '../../engine/log/log';
import type { SourceLine } from '../../protocol/views';
import type { BreakpointAnswer, Breakpoints } from '../breakpoints';
import type { LineConnection } from './connection';
import type { LineOptions } from './lineEvents';

/** A thread as debugpy knows it. */
interface DebugpyThread {
  readonly id: number;
  readonly name: string;
}

/** The body of debugpy's event `stopped`. */
export interface DebugpyStop {
  readonly reason: string;
  readonly description?: string;
  readonly text?: string;
  readonly threadId?: number;
  /** Older versions leave it out. */
  readonly hitBreakpointIds?: readonly number[];
}

/** running, or paused: the editor's numbers of its threads → debugpy's. */
type LineState =
  | { readonly kind: 'running' }
  | { readonly kind: 'paused'; readonly threads: ReadonlyMap<number, number> };

export class LineProcess {
  private state: LineState = { kind: 'running' };
  /** debugpy's numbers of breakpoints → the editor's. */
  private readonly breakpointIds = new Map<number, number>();
  /** debugpy's numbers of threads beside the main one → the editor's. */
  private readonly extraIds = new Map<number, number>();

  constructor(
    readonly pid: number,
    readonly connection: LineConnection,
    private readonly breakpoints: Breakpoints,
  ) {}

  /**
   * Says what is wanted of it. Rejects when debugpy refuses, or the process ends meanwhile.
   * @param learn is given what it says of the breakpoints of each file
   */
  async configure(
    options: LineOptions,
    stopOnEntry: boolean,
    learn: (answers: BreakpointAnswer[] | null) => unknown,
  ): Promise<void> {
    const { connection } = this;
    // Sent at once, one behind the other: debugpy answers in this order, and each of them fails when the process ends.
    await Promise.all([
      connection.request('initialize', {
        clientID: 'forkscope',
        adapterID: 'debugpy',
        pathFormat: 'path',
        linesStartAt1: true,
        columnsStartAt1: true,
        supportsVariableType: true,
      }),
      // To debugpy only what was launched has an entry.
      connection.request(stopOnEntry ? 'launch' : 'attach', {
        stopOnEntry,
        justMyCode: options.justMyCode,
        subProcess: true,
        showReturnValue: true,
        rules: [{ path: `${options.runtime}/**`, include: false }],
      }),
      ...this.breakpoints.files.map((file) => this.setLines(file).then(learn)),
      this.setExceptions(),
      connection.request('configurationDone'),
    ]);
  }

  /** Its breakpoints of one file. @returns what it says of them; null: nothing, for it is gone */
  async setLines(file: string): Promise<BreakpointAnswer[] | null> {
    const wanted = this.breakpoints.linesOf(file);
    try {
      const { breakpoints = [] } = (await this.connection.request('setBreakpoints', {
        source: { path: file },
        breakpoints: wanted.map((each) => each.wanted),
      })) as { breakpoints?: readonly BreakpointAnswer[] };
      const answers = wanted.map(({ id, wanted: { line } }, index): BreakpointAnswer => {
        const said = breakpoints[index];
        if (said?.id !== undefined) this.breakpointIds.set(said.id, id);
        return {
          id,
          verified: said?.verified === true,
          line: said?.line ?? line,
          ...(said?.message === undefined ? {} : { message: said.message }),
        };
      });
      log.note('breakpoint', () => `${file} in pid ${this.pid}: ${answers.map(answerText).join(', ') || 'none'}`);
      return answers;
    } catch (error) {
      log.swallowed(`setting breakpoints of ${file} in pid ${this.pid}`, error);
      return null;
    }
  }

  async setExceptions(): Promise<void> {
    try {
      await this.connection.request('setExceptionBreakpoints', this.breakpoints.exceptions);
    } catch (error) {
      // gone
      log.swallowed(`setting exceptions to stop at in pid ${this.pid}`, error);
    }
  }

  async threads(): Promise<readonly DebugpyThread[] | undefined> {
    const { threads } = (await this.connection.request('threads')) as { threads?: readonly DebugpyThread[] };
    return threads;
  }

  /** The editor's number of one of its breakpoints. */
  breakpointOf(theirs: number): number | undefined {
    return this.breakpointIds.get(theirs);
  }

  /** The editor's breakpoints that it paused at. @param top where it paused; null: not known */
  hits({ reason, hitBreakpointIds }: DebugpyStop, top: SourceLine | null): readonly number[] {
    if (reason !== 'breakpoint') return [];
    if (hitBreakpointIds !== undefined) return hitBreakpointIds.flatMap((each) => this.breakpointIds.get(each) ?? []);
    return top === null ? [] : this.breakpoints.idsAt(top.file, top.line);
  }

  /** The editor's number of a thread beside the main one. @param make a number for a new one */
  extraId(theirs: number, make: () => number): number {
    const id = this.extraIds.get(theirs) ?? make();
    this.extraIds.set(theirs, id);
    return id;
  }

  paused(threads: ReadonlyMap<number, number>): void {
    this.state = { kind: 'paused', threads };
  }

  /** @returns the editor's numbers of the threads that were paused; null: none was */
  resumed(): readonly number[] | null {
    const { state } = this;
    this.state = { kind: 'running' };
    return state.kind === 'paused' ? [...state.threads.keys()] : null;
  }

  /** debugpy's number of a paused thread. */
  pausedId(threadId: number): number | undefined {
    return this.state.kind === 'paused' ? this.state.threads.get(threadId) : undefined;
  }

  /** Any of its paused threads, by the editor's number. */
  get firstPaused(): number | undefined {
    return this.state.kind === 'paused' ? [...this.state.threads.keys()][0] : undefined;
  }
}

function answerText({ id, line, verified, message = '' }: BreakpointAnswer): string {
  return `#${id} line ${line} ${verified ? 'verified' : `not verified (${message})`}`;
}
