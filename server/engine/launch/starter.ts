/**
 * Our side of the start helper (server/runtime/launch/start.py): the process between this one and a program. What they say to each other, on
 * a socket:
 *
 *     helper → us   python VERSION IMPLEMENTATION EXECUTABLE       it is there
 *     us → helper   records of a letter and bytes, each ended by a zero byte, and an empty one: what to start (`request`)
 *     helper → us   started PID | failed WHY                       the program is executed, or cannot be
 *     helper → us   signal N                                       it got this signal itself
 *     helper → us   ended SIGNAL STATUS                            the program ended
 *     us → helper   kill N | ask ID | bye                          to the program; answered by `answer ID`; its end is noted
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { signalName } from '../../core/model/signals';
import { log } from '../log/log';
import { runtimeFolder } from '../session/folder';
import type { Entry } from './entry';
import { checkedPython, type PythonFacts } from './python';

/** What the program is given. Bytes, because that is what the system knows. */
export interface Program {
  /** The interpreter and its arguments. */
  readonly arguments: readonly Buffer[];
  /** NAME=VALUE, all of them. */
  readonly environment: readonly Buffer[];
  /** Absent: this process's own. */
  readonly cwd?: Buffer;
  /** The session folder, where the helper notes how the program ended when this process does not live to do it. */
  readonly folder: string;
}

export interface Ended {
  readonly pid: number | null;
  readonly exitCode: number | null;
  /** "SIGKILL", "signal 35" */
  readonly signal: string | null;
}

/** An interpreter that does not answer for so long serves for nothing, ms. */
const PATIENCE = 10_000;
/** Longer than any line of the helper's. */
const LONGEST = 65_536;

export class Starter {
  private pending = '';
  private asked = 0;
  private pid = 0;
  private readonly waiting = new Map<string, (words: readonly string[]) => void>();
  /** Resolves when the helper is gone, or says nothing any more. */
  private readonly gone: Promise<readonly string[]>;
  private readonly end: Promise<readonly string[]>;
  /** Called with the number of every signal that the helper got. */
  onSignal: (number: number) => void = () => {};

  private constructor(
    private readonly helper: ChildProcess,
    private readonly socket: Socket,
    private readonly entry: Entry,
  ) {
    const exited = new Promise<void>((resolve) => {
      helper.once('exit', () => resolve());
      helper.once('error', () => resolve());
    });
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    this.gone = Promise.all([exited, closed]).then(() => []);
    this.end = this.word('ended');
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.read(text));
    // Its end is told by `gone`.
    socket.on('error', () => socket.destroy());
  }

  /**
   * Starts the helper, with this process's descriptors and folder. Answers null when that interpreter cannot be one, for whatever reason:
   * then it is to be asked by `probePython`, which can tell.
   */
  static async open(
    python: string,
    entry: Entry,
    cwd?: string,
  ): Promise<{ starter: Starter; facts: PythonFacts } | null> {
    if (process.platform === 'win32') return null;
    const [control, ...stdio] = free(entry.descriptors, 4) as [number, number, number, number];
    const handed: (number | 'ignore' | 'pipe')[] = ['ignore', 'ignore', 'ignore'];
    for (const each of entry.descriptors) handed[each] = each;
    stdio.forEach((each, number) => {
      if (!entry.closed.includes(number)) handed[each] = number;
    });
    handed[control] = 'pipe';
    const options: StdioOptions = Array.from(handed, (each) => each ?? 'ignore');
    const script = join(runtimeFolder(), 'launch', 'start.py');
    const args = ['-E', '-s', '-S', '-B', script, [control, ...stdio].join(',')];
    let helper: ChildProcess;
    try {
      helper = spawn(python, args, { stdio: options, ...(cwd !== undefined && { cwd }) });
    } catch (error) {
      log.swallowed(`starting the start helper by ${python}`, error);
      return null; // a name that cannot be one
    }
    const socket = helper.stdio[control] as Socket | undefined;
    if (socket === undefined) {
      helper.once('error', () => {}); // no descriptor is left
      return null;
    }
    const starter = new Starter(helper, socket, entry);
    const timer = setTimeout(() => helper.kill('SIGKILL'), PATIENCE);
    const [version = '', implementation = '', ...path] = await starter.word('python');
    clearTimeout(timer);
    log.note(
      'process',
      `the start helper, pid ${helper.pid ?? 'none'}: ${version === '' ? `${python} cannot be one` : `${implementation} ${version}`}`,
    );
    if (version === '') return null;
    try {
      return { starter, facts: checkedPython(python, version, implementation, path.join(' ')) };
    } catch (error) {
      starter.close();
      throw error;
    }
  }

  /** Starts the program; resolves with its pid. Rejects with why it cannot be executed. */
  async start(program: Program): Promise<number> {
    const started = this.word('started');
    const failed = this.word('failed');
    this.socket.write(request(program, this.entry));
    const first = await Promise.race([started, failed.then((words) => ({ reason: words.join(' ') }))]);
    if ('reason' in first || first.length === 0)
      throw new Error('reason' in first && first.reason !== '' ? first.reason : 'the start helper ended');
    this.pid = Number(first[0]);
    return this.pid;
  }

  /** How the program ended; null when the helper was killed, of which the program is independent. */
  async ended(): Promise<Ended | null> {
    const [signal = '', status = ''] = await this.end;
    if (status === '') return null;
    const number = Number(signal);
    return {
      pid: this.pid,
      exitCode: number === 0 ? Number(status) : null,
      signal: number === 0 ? null : signalName(number),
    };
  }

  /** Sends a signal to the program, if it has not ended. */
  kill(number: number): void {
    this.write(`kill ${number}\n`);
  }

  /** Resolves when the helper has reported every signal that it had got by now. */
  async caughtUp(): Promise<void> {
    const id = String(++this.asked);
    const answered = this.word(`answer ${id}`);
    this.write(`ask ${id}\n`);
    await answered;
  }

  /** The end of the program is noted: the helper may go. */
  close(): void {
    this.write('bye\n');
    this.socket.end();
  }

  /** Ends the helper before it started anything. */
  abandon(): void {
    this.helper.kill('SIGKILL');
    this.socket.destroy();
  }

  private write(text: string): void {
    if (!this.socket.destroyed && this.socket.writable) this.socket.write(text);
  }

  /** What follows this word when the helper says it; nothing when it never will. */
  private word(name: string): Promise<readonly string[]> {
    const said = new Promise<readonly string[]>((resolve) => this.waiting.set(name, resolve));
    return Promise.race([said, this.gone]);
  }

  private read(text: string): void {
    const lines = (this.pending + text).split('\n');
    this.pending = (lines.pop() ?? '').slice(0, LONGEST);
    for (const line of lines) {
      const [name = '', ...words] = line.split(' ');
      const key = name === 'answer' ? line : name;
      if (name === 'signal') this.onSignal(Number(words[0]));
      this.waiting.get(key)?.(words);
      this.waiting.delete(key);
    }
  }
}

/** The lowest numbers from 3 on that are not taken. */
function free(taken: readonly number[], count: number): number[] {
  const found: number[] = [];
  for (let number = 3; found.length < count; number++) if (!taken.includes(number)) found.push(number);
  return found;
}

/** What start.py's `Request` reads. */
function request(program: Program, entry: Entry): Buffer {
  const records: [string, string | Buffer][] = [
    ...program.arguments.map((each): [string, Buffer] => ['a', each]),
    ...program.environment.map((each): [string, Buffer] => ['e', each]),
    ['f', program.folder],
    ['n', String(process.pid)],
    ['i', entry.ignored],
    ['b', entry.blocked],
    ['c', entry.closed.join(',')],
    ['k', ''],
  ];
  if (program.cwd !== undefined) records.push(['d', program.cwd]);
  if (entry.openFiles !== null) records.push(['l', entry.openFiles]);
  const zero = Buffer.alloc(1);
  return Buffer.concat([
    ...records.flatMap(([letter, value]) => [Buffer.from(letter), Buffer.from(value as string), zero]),
    zero,
  ]);
}
