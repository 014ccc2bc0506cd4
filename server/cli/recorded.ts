import { stopWaiting } from '../engine/files/stream';
import { createSessionFolder, readSessionFile } from '../engine/session/folder';
import { writeOwner } from '../engine/session/owner';
import { Session } from '../engine/session/session';
import { plainLines } from '../protocol/plain';
import { FindingTeller } from './findings';
import { LiveStatus } from './live';
import { canBeReplaced, type Outputs, writeResults } from './results';
import { summary } from './text';

/** How long processes that outlive the main one are waited for before the report is written. */
const SETTLE_MS = 2000;
/** A program that was asked to end, and lives so long after that, may be killed together with us: what there is then is kept before. */
const KEEP_MS = 1500;

export interface RecordedOptions extends Outputs {
  readonly live?: boolean;
  readonly quiet?: boolean;
}

/** The session of a run, from its first look to its results. */
export class Recorded {
  readonly folder: string;
  private readonly session: Session;
  private readonly teller: FindingTeller;
  private readonly live: LiveStatus | null;
  private readonly looking: NodeJS.Timeout;
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
    this.teller = new FindingTeller(this.session, (text) => this.say(text));
    if (this.isKept) {
      this.say(
        `forkscope: recording in ${folder} until the end; after a crash or SIGKILL "forkscope recover" saves it.\n`,
      );
    }
    // Messages are counted as they come, so that a long run does not have to be read again at its end.
    this.looking = setInterval(() => {
      this.session.poll();
      this.teller.hangs();
      this.live?.draw();
    }, 200);
  }

  /** Before a signal changes what there is to see. */
  lookNow(): void {
    this.session.lookNow();
    this.teller.hangs();
  }

  /** The program was asked to end. Whoever asked may lose patience, and kill the program and this process with it. */
  interrupted(): void {
    if (!this.isKept || this.keeping !== null || !canBeReplaced(this.options)) return;
    this.keeping = setTimeout(() => {
      this.writing = writeResults(this.session, this.options);
    }, KEEP_MS);
  }

  /** The program has ended; this process is asked to end too: at once when it is asked twice. */
  hurry(leave: () => void): void {
    this.hurries += 1;
    stopWaiting();
    if (this.hurries < 2) return;
    if (!this.written && this.isKept) this.leaveFolder();
    this.dispose();
    leave();
  }

  /** The last look, and the results. */
  async conclude(): Promise<void> {
    this.stop();
    await this.settle();
    await this.session.finish();
    await this.writing;
    const { problems, lost } = await writeResults(this.session, this.options);
    this.written = !lost;
    this.teller.rest();
    if (!this.isKept) this.say(summary(this.session.report()));
    // The exit code stays the program's own: what went wrong here is not its fault.
    process.stderr.write(plainLines(problems.map((each) => `forkscope: ${each}`)));
    if (lost) this.leaveFolder();
  }

  /** The session's folder goes with it, unless something of it is nowhere else. */
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
    clearInterval(this.looking);
    if (this.keeping !== null) clearTimeout(this.keeping);
    this.live?.clear();
  }

  /** Until all processes ended, or for a while: the program's own end is not held up by what it left running. */
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
