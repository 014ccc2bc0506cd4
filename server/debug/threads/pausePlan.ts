/** What the processes of one run are to pause at now, published in their plan file; and whether a pause that one reports counts. */
import { log } from '../../engine/log/log';
import type { Breakpoints } from '../breakpoints';
import type { PauseInfo } from '../pauses/pausedThread';
import { type Followed, holdUntil, type Plan, PlanFile } from '../pauses/plan';
import { planText } from '../pauses/planText';
import type { DebuggedRun } from '../run';
import type { ThreadController } from './threadController';

export interface PlanOptions {
  /** The program is starting already: it waits at its next operation until `configured`. */
  readonly holds: boolean;
  /** The program pauses at its first operation. */
  readonly stopOnEntry: boolean;
}

/** Where paused threads report. */
interface Address {
  readonly path: string;
  readonly secret: string;
}

export class PausePlan {
  private readonly file: PlanFile;
  private followed: readonly Followed[] = [];
  private lastFollowed = 0;
  /** Until when every process waits for the first breakpoints, seconds since the epoch; null: none does. */
  private hold: number | null;
  private entry: boolean;
  /** The one process that is not suspended; null: none is suspended. */
  frozen: number | null = null;

  /** @param failed gets the error where the plan cannot be published */
  constructor(
    folder: string,
    private readonly address: Address,
    private readonly run: DebuggedRun,
    private readonly breakpoints: Breakpoints,
    private readonly threads: () => readonly ThreadController[],
    private readonly failed: (error: unknown) => void,
    { holds, stopOnEntry }: PlanOptions,
  ) {
    this.file = new PlanFile(folder);
    this.hold = holds ? holdUntil() : null;
    this.entry = stopOnEntry;
  }

  /** @throws where the folder cannot be written */
  write(): void {
    const plan = this.plan();
    const armed =
      this.breakpoints.any ||
      this.hold !== null ||
      this.entry ||
      this.followed.length > 0 ||
      this.frozen !== null ||
      plan.pause.length > 0 ||
      this.threads().some((each) => each.isStepping);
    if (this.file.write(plan, armed)) log.note('plan', () => planText(plan, armed));
  }

  /** Tells the processes what is wanted now. On a full disk, or without its folder, the program runs on with what it knows. */
  publish(): void {
    try {
      this.write();
    } catch (error) {
      log.swallowed('writing the plan', error);
      this.failed(error);
    }
  }

  /** Nothing is paused at any more. */
  revoke(): void {
    try {
      this.file.write(this.plan(), false);
    } catch (error) {
      // the folder is gone, and with it all readers
      log.swallowed('taking the plan back', error);
    }
  }

  /** All breakpoints are known: processes that wait for them resume. */
  configured(): void {
    if (this.hold === null) return;
    this.hold = null;
    this.publish();
  }

  /** The receiver of this message pauses. @param keys descriptors of its channel */
  follow(message: { readonly size: number; readonly hash: number }, keys: readonly string[]): void {
    this.lastFollowed += 1;
    this.followed = [...this.followed, { id: this.lastFollowed, size: message.size, hash: message.hash, keys }];
    this.publish();
  }

  /** Whether a pause is one to show; counts the hit of its breakpoint. */
  admits({ reason }: PauseInfo): boolean {
    if (reason.kind === 'follow') return this.takeFollowed(reason.id);
    if (reason.kind === 'freeze') return this.frozen !== null;
    if (reason.kind === 'entry') return this.takeEntry();
    if (reason.kind !== 'line' && reason.kind !== 'function' && reason.kind !== 'filter') return true;
    return this.breakpoints.counted(reason.id) && reason.log === undefined;
  }

  /** For the log: why a pause was not admitted. */
  whyNot({ reason }: PauseInfo): string {
    if (reason.log !== undefined) return `#${reason.id} only logs`;
    return 'id' in reason
      ? `hit ${this.breakpoints.hitsOf(reason.id)} of #${reason.id} does not count`
      : 'it came late';
  }

  /** False for a second receiver of the same bytes: it has another message. */
  private takeFollowed(id: number): boolean {
    const left = this.followed.filter((each) => each.id !== id);
    if (left.length === this.followed.length) return false;
    this.followed = left;
    this.publish();
    return true;
  }

  private takeEntry(): boolean {
    if (!this.entry) return false;
    this.entry = false;
    this.publish();
    return true;
  }

  private plan(): Plan {
    return {
      socket: this.address.path,
      word: this.address.secret,
      lines: this.breakpoints.lines,
      functions: this.breakpoints.named((name) => this.run.session.keysNamed(name)),
      filters: this.breakpoints.filters,
      pause: this.threads()
        .filter((each) => each.isToPause)
        .map((each) => each.pid),
      follow: this.followed,
      freeze: this.frozen === null ? null : [this.frozen],
      ...(this.entry && { entry: true }),
      ...(this.hold !== null && { hold: this.hold }),
    };
  }
}
