/**
 * The log of this process: its actions and decisions, for diagnosing a reported problem. While it is off, a call costs
 * one comparison.
 *
 * It is the only object shared by all rooms above the core, and so the only process-wide state: failures are met deep
 * inside, where no logger could have been passed, and there is one file per process, however many sessions it serves.
 * The core (`model`, `findings`, `source`, `pickle`, `protocol`) does not know it, and reports through callbacks.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plain } from '../../protocol/plain';
import { openLog } from '../files/log';
import { LogFile, type LogFileOptions } from './file';
import { headLines } from './head';
import { type DapMessage, dapText, type RpcMessage, rpcText } from './traffic';

/**
 * messages: events, decisions and the beginning of each protocol message. verbose: more of each message, and those that
 * are sent continuously.
 */
export type LogLevel = 'messages' | 'verbose';

/** Upper bound of a line, characters. */
const LONGEST = 8000;
/** Number of earlier logs kept next to a new one. */
const KEPT = 4;
/** Upper bound of a logged protocol message, characters. */
const MOST: Readonly<Record<LogLevel, number>> = { messages: 500, verbose: 4000 };

export class Log {
  private file: LogFile | null = null;
  private level: LogLevel = 'messages';
  /** The log's users and the level each requested. */
  private readonly wanted = new Map<object, LogLevel>();
  private folder: string | null = null;
  private readonly onExit = (): void => this.file?.flush();

  /** @param role this process's function: a word for the head and for file names */
  role = 'forkscope';

  get isOn(): boolean {
    return this.file !== null;
  }
  get isVerbose(): boolean {
    return this.file !== null && this.level === 'verbose';
  }
  /** The file it is written to; null: the log is off. */
  get path(): string | null {
    return this.file?.path ?? null;
  }

  /** The folder for logs without an explicit file. */
  useFolder(folder: string): void {
    this.folder = folder;
  }

  /**
   * Switches the log on for `owner`, or changes the level of `owner`. The first user names the file; the highest
   * requested level applies.
   * @returns the file's path
   * @throws an Error with a sentence if it cannot be written
   */
  start(owner: object, level: LogLevel, file?: string, options: LogFileOptions = {}): string {
    if (this.file === null) {
      this.file = new LogFile(openLog(file ?? this.ownFile()), {
        ...options,
        failed: (reason) => {
          this.file = null;
          process.off('exit', this.onExit);
          options.failed?.(reason);
        },
      });
      for (const line of headLines(this.role)) this.file.add(line);
      process.on('exit', this.onExit);
    }
    this.wanted.set(owner, level);
    this.choose();
    return this.file?.path ?? '';
  }

  /** Withdraws the request of `owner`; the log is off when no requests remain. */
  stop(owner: object): void {
    if (!this.wanted.delete(owner) || this.file === null) return;
    if (this.wanted.size > 0) {
      this.choose();
      return;
    }
    this.note('log', 'ends: nobody wants it any more');
    this.file.close();
    this.file = null;
    process.off('exit', this.onExit);
  }

  /** For callers that end this process in a way that no handler sees. */
  flush(): void {
    this.file?.flush();
  }

  /** Logs an event or a decision. A text that is expensive to build is passed as a function. Never throws. */
  note(topic: string, text: string | (() => string)): void {
    if (this.file === null) return;
    try {
      const said = plain(typeof text === 'string' ? text : text());
      const short = said.length > LONGEST ? `${said.slice(0, LONGEST)}… (${said.length} characters)` : said;
      this.file.add(`${new Date().toISOString()} ${topic}: ${short}`);
    } catch (error) {
      this.file?.add(`${new Date().toISOString()} log: no text for ${topic}: ${plain(errorText(error))}`);
    }
  }

  /** The same for events that happen continuously. */
  detail(topic: string, text: string | (() => string)): void {
    if (this.isVerbose) this.note(topic, text);
  }

  /** Logs an error that is handled here and not propagated. @param what the action that failed */
  swallowed(what: string, error: unknown): void {
    if (this.file !== null) this.note('error', () => `${what}: ${errorText(error)}`);
  }

  /** A message of the Debug Adapter Protocol. @param way "→" to the client, "←" from it */
  dap(topic: string, way: '→' | '←', message: unknown): void {
    if (this.file !== null)
      this.note(topic, () => `${way} ${dapText((message ?? {}) as DapMessage, MOST[this.level])}`);
  }

  /** A message of JSON-RPC. @param methods see `rpcText` */
  rpc(way: '→' | '←', message: unknown, methods: Map<string, string>): void {
    const rpc = message as RpcMessage;
    // 20 a second, and everything in them is logged elsewhere.
    if (this.file === null || (rpc.method === 'forkscope/update' && !this.isVerbose)) return;
    this.note('lsp', () => `${way} ${rpcText(rpc, methods, MOST[this.level])}`);
  }

  private choose(): void {
    const level = [...this.wanted.values()].includes('verbose') ? 'verbose' : 'messages';
    this.level = level;
    this.note('log', `level ${level}`);
  }

  private ownFile(): string {
    // Named like other working folders: what a killed process leaves there is swept (engine/session/sweep.ts).
    this.folder ??= mkdtempSync(join(tmpdir(), `forkscope-log-${process.pid}-`));
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const name = this.role.replaceAll(' ', '-');
    removeOld(this.folder, name);
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
    return join(this.folder, `${name}-${stamp}-${process.pid}.log`);
  }
}

/** Each start of a server writes its own file; only the latest are kept. */
function removeOld(folder: string, name: string): void {
  const ours = readdirSync(folder).filter((each) => each.startsWith(`${name}-20`) && each.endsWith('.log'));
  for (const each of ours.sort().slice(0, -KEPT)) rmSync(join(folder, each), { force: true });
}

/** An error's message and stack. The message of a JSON parse error would quote the text, so it is omitted. */
export function errorText(error: unknown, stack = false): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : `no error but ${typeof error}`;
  const where = (stack && error.stack?.match(/\n {4}at .*/g)?.join('')) || '';
  if (error instanceof SyntaxError) return `${error.name} in what was read${where}`;
  return `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}${where}`;
}

/** "KeyError" of "KeyError: 'secret'": Python's error messages may contain values of the program. */
export function pythonErrorName(text: string): string {
  return /^[A-Za-z_][\w.]*/.exec(text)?.[0] ?? 'an error';
}

/** The log of this process. */
export const log = new Log();
