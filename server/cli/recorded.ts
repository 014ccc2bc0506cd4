import { stopWaiting } from '../engine/files/stream';
import { createSessionFolder, readSessionFile } from '../engine/session/folder';
import { writeOwner } from '../engine/session/owner';
import { Session } from '../engine/session/session';
import { plainLines } from '../protocol/plain';
import { FindingPrinter } from './findings';
import { LiveStatus } from './live';
import { canBeReplaced, type Outputs, writeResults } from './results';
import { summary } from './text';

/** How long to wait for processes that outlive the main one before the report is written. */
const SETTLE_MS = 2000;
/**
 * A program that is still alive this long after a request to end may be killed together with us, so the results so far
 * are saved first.
 */
const KEEP_MS = 1500;

export interface RecordedOptions extends Outputs {
  readonly live?: boolean;
  readonly quiet?: boolean;
}

/** The session of a run, from start to results. */
export class Recorded {
  readonly folder: string;
  private readonly session: Session;
  private readonly printer: FindingPrinter;
  private readonly live: LiveStatus | null;
  private readonly poll: NodeJS.Timeout;
  private keeping: NodeJS.Timeout | null = null;
  private writing: Promise<unknown> = Promise.resolve();
  private hurries = 0;
  private written = false;
  private stays = false;

  constructor(
    command: readonly string[],
    cwd: string,
    python: string,
    private readonly options: RecordedOptions,
  ) {
    const { folder } = createSessionFolder({ command, cwd, python });
    this.folder = folder;
    writeOwner(folder);
    const file = readSessionFile(folder);
    this.session = new Session({ folder, file, path: folder, recorded: false, temporary: true });
    this.live = options.live === true && process.stderr.isTTY ? new LiveStatus(this.session, process.stderr) : null;
    this.printer = new FindingPrinter(this.session, (text) => this.say(text));
    if (this.isKept) {
      this.say(
        `forkscope: recording in ${folder} until the end; after a crash or SIGKILL "forkscope recover" saves it.\n`,
      );
    }
    // Messages are counted while the program runs, so that a long run need not be read again at its end.
    this.poll = setInterval(() => {
      this.session.poll();
      this.printer.hangs();
      this.live?.draw();
    }, 200);
  }

  /** Reads the current state, before a signal changes it. */
  lookNow(): void {
    this.session.lookNow();
    this.printer.hangs();
  }

  /** The program was asked to end. The sender may lose patience and kill the program together with this process. */
  interrupted(): void {
    if (!this.isKept || this.keeping !== null || !canBeReplaced(this.options)) return;
    this.keeping = setTimeout(() => {
      this.writing = writeResults(this.session, this.options);
    }, KEEP_MS);
  }

  /** The program has ended, and this process is asked to end too. A second request takes effect immediately. */
  hurry(leave: () => void): void {
    this.hurries += 1;
    stopWaiting();
    if (this.hurries < 2) return;
    if (!this.written && this.isKept) this.leaveFolder();
    this.dispose();
    leave();
  }

  /** The final pass, and the results. */
  async conclude(): Promise<void> {
    this.stop();
    await this.settle();
    await this.session.finish();
    await this.writing;
    const { problems, lost } = await writeResults(this.session, this.options);
    this.written = !lost;
    this.printer.rest();
    if (!this.isKept) this.say(summary(this.session.report()));
    // The exit code remains the program's own: it is not responsible for our failures.
    process.stderr.write(plainLines(problems.map((each) => `forkscope: ${each}`)));
    if (lost) this.leaveFolder();
  }

  /** Deletes the session's folder, unless it holds data that exists nowhere else. */
  dispose(): void {
    this.stop();
    if (!this.stays) this.session.dispose(true);
  }

  private leaveFolder(): void {
    this.stays = true;
    const sentence = `forkscope: what was recorded stays in ${this.folder}: "forkscope recover" saves it.`;
    process.stderr.write(plainLines([sentence]));
  }

  private get isKept(): boolean {
    return this.options.record !== undefined || this.options.report !== undefined;
  }

  private say(text: string): void {
    if (this.options.quiet === true) return;
    this.live?.clear();
    process.stderr.write(text);
  }

  private stop(): void {
    clearInterval(this.poll);
    if (this.keeping !== null) clearTimeout(this.keeping);
    this.live?.clear();
  }

  /**
   * Waits until all processes have ended, but only for a while: processes left running do not delay the program's end.
   */
  private async settle(): Promise<void> {
    const end = Date.now() + SETTLE_MS;
    this.session.lookSoon();
    await this.session.refresh();
    while (!this.session.finished && Date.now() < end && this.hurries === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      this.session.lookSoon();
      await this.session.refresh();
    }
  }
}
