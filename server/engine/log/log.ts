/**
 * The log of this process: what it did and decided, for who looks for the cause of what was reported. Off, and then nothing but a comparison.
 *
 * It is the one object that all rooms above the core share, and so the one place with a state of the whole process: what goes wrong is met
 * deep inside, where nobody could have handed a logger in, and there is one file per process, however many sessions it serves. The core
 * (`model`, `findings`, `source`, `pickle`, `protocol`) does not know it, and is given callbacks.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plain } from '../../protocol/plain';
import { openLog } from '../files/log';
import { LogFile, type LogFileOptions } from './file';
import { headLines } from './head';
import { type DapMessage, dapText, type RpcMessage, rpcText } from './traffic';

/** messages: what happens and is decided, and the beginnings of messages. verbose: more of each message, and those that come all the time. */
export type LogLevel = 'messages' | 'verbose';

/** No line is longer, in characters. */
const LONGEST = 8000;
/** Earlier logs that stay beside a new one. */
const KEPT = 4;
/** Of a message of a protocol. */
const MOST: Readonly<Record<LogLevel, number>> = { messages: 500, verbose: 4000 };

export class Log {
  private file: LogFile | null = null;
  private level: LogLevel = 'messages';
  /** Who wants a log, and how much of it. */
  private readonly wanted = new Map<object, LogLevel>();
  private folder: string | null = null;
  private readonly onExit = (): void => this.file?.flush();

  /** @param role what this process is: a word for the head and for names of files */
  role = 'forkscope';

  get isOn(): boolean {
    return this.file !== null;
  }
  get isVerbose(): boolean {
    return this.file !== null && this.level === 'verbose';
  }
  /** Where it is written to; null: it is off. */
  get path(): string | null {
    return this.file?.path ?? null;
  }

  /** Where logs go that nobody named a file for. */
  useFolder(folder: string): void {
    this.folder = folder;
  }

  /**
   * Switches it on for `who`, or changes how much that one wants. The first one names the file, and what the most is wanted by is written.
   * @returns the file's path
   * @throws an Error with a sentence when it cannot be written
   */
  start(who: object, level: LogLevel, file?: string, options: LogFileOptions = {}): string {
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
    this.wanted.set(who, level);
    this.choose();
    return this.file?.path ?? '';
  }

  /** `who` needs it no more; it is off when nobody does. */
  stop(who: object): void {
    if (!this.wanted.delete(who) || this.file === null) return;
    if (this.wanted.size > 0) {
      this.choose();
      return;
    }
    this.note('log', 'ends: nobody wants it any more');
    this.file.close();
    this.file = null;
    process.off('exit', this.onExit);
  }

  /** For who ends this process in a way that no handler sees. */
  flush(): void {
    this.file?.flush();
  }

  /** Something happened or was decided. The text of one that costs something to make is a function. Never throws. */
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

  /** The same of what happens all the time. */
  detail(topic: string, text: string | (() => string)): void {
    if (this.isVerbose) this.note(topic, text);
  }

  /** An error that ends here, and is told to nobody. @param what was being done */
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
    const told = message as RpcMessage;
    // 20 a second, with nothing in them that is not noted elsewhere.
    if (this.file === null || (told.method === 'forkscope/update' && !this.isVerbose)) return;
    this.note('lsp', () => `${way} ${rpcText(told, methods, MOST[this.level])}`);
  }

  private choose(): void {
    const level = [...this.wanted.values()].includes('verbose') ? 'verbose' : 'messages';
    this.level = level;
    this.note('log', `level ${level}`);
  }

  private ownFile(): string {
    // Its name is that of other working folders: what a killed process leaves there is swept (engine/session/sweep.ts).
    this.folder ??= mkdtempSync(join(tmpdir(), `forkscope-log-${process.pid}-`));
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const name = this.role.replaceAll(' ', '-');
    removeOld(this.folder, name);
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
    return join(this.folder, `${name}-${stamp}-${process.pid}.log`);
  }
}

/** Each start of a server has a file of its own: the latest stay. */
function removeOld(folder: string, name: string): void {
  const ours = readdirSync(folder).filter((each) => each.startsWith(`${name}-20`) && each.endsWith('.log'));
  for (const each of ours.sort().slice(0, -KEPT)) rmSync(join(folder, each), { force: true });
}

/** What an error says, and where it was raised. Of text that could not be read (JSON) its message would quote some. */
export function errorText(error: unknown, stack = false): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : `no error but ${typeof error}`;
  const where = (stack && error.stack?.match(/\n {4}at .*/g)?.join('')) || '';
  if (error instanceof SyntaxError) return `${error.name} in what was read${where}`;
  return `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}${where}`;
}

/** "KeyError" of "KeyError: 'secret'": what Python says of an error may hold values of the program. */
export function pythonErrorName(text: string): string {
  return /^[A-Za-z_][\w.]*/.exec(text)?.[0] ?? 'an error';
}

/** This process's. */
export const log = new Log();
