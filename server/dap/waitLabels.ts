/** Editors show "Running" beside every process that is not stopped: what one waits for, and since when, is in its name. */

import type { ProcessThread, ThreadTable } from '../debug/threads/threadTable';
import { blockedText } from '../shared/text/waits';

const TICK = 1000;

interface WaitingRun {
  readonly threads: ThreadTable;
  readonly nowMs: number;
}

export class WaitLabels {
  private waiting: readonly number[] = [];
  private timer: NodeJS.Timeout | null = null;

  /** @param renamed the editor should ask for the names again; it is told of a thread that is not stopped */
  constructor(
    private readonly run: WaitingRun,
    private readonly isStopped: (threadId: number) => boolean,
    private readonly renamed: (threadId: number) => void,
  ) {}

  /** "consumer (pid 4102): blocked in tasks.get() for 3.2 s" */
  label({ id, name }: ProcessThread): string {
    const wait = this.isStopped(id) ? undefined : this.waitOf(id);
    return wait === undefined ? name : `${name}: ${blockedText(wait, this.run.nowMs)}`;
  }

  /** Waits may have begun or ended. */
  changed(): void {
    const { shown } = this.run.threads;
    const waiting = shown.map((each) => each.id).filter((id) => this.waitOf(id) !== undefined && !this.isStopped(id));
    const before = this.waiting;
    this.waiting = waiting;
    const news =
      waiting.find((id) => !before.includes(id)) ??
      before.find((id) => !waiting.includes(id) && !this.isStopped(id) && shown.some((each) => each.id === id));
    if (news !== undefined) this.renamed(news);
    if (waiting.length > 0) this.timer ??= setInterval(() => this.tick(), TICK);
    else this.stop();
  }

  dispose(): void {
    this.stop();
  }

  private tick(): void {
    const one = this.waiting.find((id) => this.waitOf(id) !== undefined && !this.isStopped(id));
    if (one !== undefined) this.renamed(one);
  }

  private waitOf(threadId: number) {
    return this.run.threads.find((each) => each.id === threadId)?.status.waits[0];
  }

  private stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }
}
