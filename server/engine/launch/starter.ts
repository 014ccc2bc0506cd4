/**
 * Our side of the start helper (server/runtime/launch/start.py), the process between this one and a program. Protocol,
 * on a socket:
 *
 *     helper → us   python VERSION IMPLEMENTATION EXECUTABLE       it is ready
 *     us → helper   records of a letter and bytes, each ended by a zero byte, and an empty one: what to start
 * (`request`)
 *     helper → us   started PID | failed WHY                       the program was executed, or could not be
 *     helper → us   signal N                                       the helper itself received this signal
 *     helper → us   ended SIGNAL STATUS                            the program ended
 *     us → helper   kill N | ask ID | bye                          signal the program; answered by `answer ID`; its end
 * was recorded
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { signalNames } from '../../core/model/entities/signalNames';
import { LineSplitter } from '../../shared/lineSplitter';
import { log } from '../log/log';
import { runtimeFolder } from '../session/folder';
import type { Entry } from './entry';
import { checkedPython, type PythonFacts } from './python';

const signalName = signalNames(process.platform);

/** What the program receives. As bytes, because that is the system's representation. */
export interface Program {
  /** The interpreter and its arguments. */
  readonly arguments: readonly Buffer[];
  /** NAME=VALUE, all of them. */
  readonly environment: readonly Buffer[];
  /** Absent: that of this process. */
  readonly cwd?: Buffer;
  /** The session folder, where the helper records how the program ended if this process no longer exists. */
  readonly folder: string;
}

export interface Ended {
  readonly pid: number | null;
  readonly exitCode: number | null;
  /** "SIGKILL", "signal 35" */
  readonly signal: string | null;
}

/** Timeout for an interpreter's first answer, ms. */
const PATIENCE = 10_000;
/** Longer than any line from the helper. */
const LONGEST = 65_536;

export class Starter {
  private readonly lines = new LineSplitter(LONGEST, (line) => this.read(line));
  private asked = 0;
  private pid = 0;
  private readonly waiting = new Map<string, (words: readonly string[]) => void>();
  /** Resolves when the helper has exited or closed its socket. */
  private readonly gone: Promise<readonly string[]>;
  private readonly end: Promise<readonly string[]>;
  /** Called with the number of every signal that the helper received. */
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
    socket.on('data', (text: string) => this.lines.push(text));
    // `gone` reports the end of the connection.
    socket.on('error', () => socket.destroy());
  }

  /**
   * Starts the helper with this process's descriptors and folder. Returns null if that interpreter cannot run it, for
   * whatever reason:
   * `probePython` can then find out why.
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
      return null; // a name that cannot be an interpreter
    }
    const socket = helper.stdio[control] as Socket | undefined;
    if (socket === undefined) {
      helper.once('error', () => {}); // no descriptor left
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

  /** Starts the program; resolves with its pid. Rejects with the reason if it cannot be executed. */
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

  /** How the program ended; null if the helper was killed, which leaves the program running. */
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

  /** Sends a signal to the program, unless it has ended. */
  kill(number: number): void {
    this.write(`kill ${number}\n`);
  }

  /** Resolves when the helper has reported every signal that it has received so far. */
  async caughtUp(): Promise<void> {
    const id = String(++this.asked);
    const answered = this.word(`answer ${id}`);
    this.write(`ask ${id}\n`);
    await answered;
  }

  /** The program's end has been recorded: the helper may exit. */
  close(): void {
    this.write('bye\n');
    this.socket.end();
  }

  /** Ends the helper before it has started anything. */
  abandon(): void {
    this.helper.kill('SIGKILL');
    this.socket.destroy();
  }

  private write(text: string): void {
    if (!this.socket.destroyed && this.socket.writable) this.socket.write(text);
  }

  /** The arguments of the helper's next message of that name; empty if it will never come. */
  private word(name: string): Promise<readonly string[]> {
    const said = new Promise<readonly string[]>((resolve) => this.waiting.set(name, resolve));
    return Promise.race([said, this.gone]);
  }

  private read(line: string): void {
    const [name = '', ...words] = line.split(' ');
    const key = name === 'answer' ? line : name;
    if (name === 'signal') this.onSignal(Number(words[0]));
    this.waiting.get(key)?.(words);
    this.waiting.delete(key);
  }
}

/** The lowest numbers ≥ 3 that are not taken. */
function free(taken: readonly number[], count: number): number[] {
  const found: number[] = [];
  for (let number = 3; found.length < count; number++) if (!taken.includes(number)) found.push(number);
  return found;
}

/** In the format that `Request` in start.py reads. */
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
