/** A thread of the program that is paused at an operation, and the talk with it. The other side is server/runtime/forkscope_runtime/stops. */
import type { Socket } from 'node:net';
import { pythonErrorName } from '../../engine/log/log';

export interface PausedFrame {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  /** Of a library: shown less. */
  readonly subtle: boolean;
}

type ReasonKind = 'line' | 'function' | 'filter' | 'step' | 'pause' | 'follow' | 'freeze' | 'entry';

/** The first line that a paused thread sends. */
export interface PauseInfo {
  readonly type: 'stop';
  readonly pid: number;
  readonly uid: number;
  readonly thread: string;
  readonly reason: { readonly kind: ReasonKind; readonly id: number; readonly problem?: string; readonly log?: string };
  /** put, send, get, recv, start, fork, task, … */
  readonly op: string;
  /** Queue, Pipe, Process, Pool, task, … */
  readonly kind: string;
  /** before: it has not happened yet; after: the message is here. */
  readonly phase: 'before' | 'after';
  readonly keys: readonly string[];
  /** What the process itself calls the channel or thing; may be empty. */
  readonly name: string;
  readonly error: string | null;
  /** What there is to say of the error; may be empty. */
  readonly text: string;
  readonly frames: readonly PausedFrame[];
  readonly message: {
    readonly size?: number;
    readonly hash?: number;
    /** base64 of the head of the bytes. */
    readonly data?: string;
    readonly raw?: boolean;
    readonly text?: string;
    readonly problem?: string;
  } | null;
}

/** What a thread reports, for the log: of its error and of its message nothing but kinds and sizes. */
export function reportText({ pid, thread, reason, op, kind, phase, name, error, frames, message }: PauseInfo): string {
  const [top] = frames;
  const at = top === undefined ? '' : ` at ${top.file}:${top.line}`;
  const by = reason.kind === 'line' || reason.kind === 'function' || reason.kind === 'filter' ? ` #${reason.id}` : '';
  const problem = reason.problem === undefined ? '' : `, its condition failed: ${pythonErrorName(reason.problem)}`;
  const size = message?.size === undefined ? '' : `, ${message.size} bytes`;
  const what = `${phase} ${op} of ${name || kind}${error === null ? '' : ` (${pythonErrorName(error)})`}${size}`;
  return `pid ${pid} ${thread} stops by ${reason.kind}${by} ${what}${at}${problem}`;
}

/** A Python value as the stopped process tells it. `ref` above 0 can be opened. */
export interface Value {
  readonly name: string;
  readonly type: string;
  readonly text: string;
  readonly ref: number;
  /** Of what replaced a message: its bytes, as the receiver will see them. */
  readonly size?: number;
  readonly hash?: number;
}

/** What a thread is to do once it resumes. */
export interface ResumeOptions {
  readonly step?: 'next' | 'out' | null;
  /** The breakpoint did not apply: a step that is under way goes on. */
  readonly keep?: boolean;
  readonly drop?: boolean;
  readonly twice?: boolean;
  /** Seconds that this process waits before the operation. */
  readonly delay?: number;
}

type Command =
  | { readonly do: 'evaluate'; readonly expression: string; readonly frame: number }
  | { readonly do: 'locals' | 'globals'; readonly frame: number }
  | { readonly do: 'children'; readonly ref: number }
  | {
      readonly do: 'set';
      readonly scope: 'locals' | 'globals' | 'ref';
      readonly frame: number;
      readonly ref: number;
      readonly name: string;
      readonly expression: string;
    }
  | { readonly do: 'replace'; readonly expression: string; readonly frame: number }
  | { readonly do: 'message' };

interface Answer {
  readonly id: number;
  readonly ok: boolean;
  readonly result?: unknown;
  readonly error?: string;
}

/** What happens to the message of a paused thread when it resumes. */
export type MessageIntent = Pick<ResumeOptions, 'drop' | 'twice' | 'delay'>;

export class PausedThread {
  private last = 0;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private readonly ended = new AbortController();
  /** What is to happen to its message. */
  intent: MessageIntent = {};
  /** What its message was replaced with; null: it is as it was. */
  edited: Value | null = null;

  constructor(
    readonly info: PauseInfo,
    private readonly socket: Socket,
  ) {}

  /** Resumed, or its process is gone. */
  get isOver(): boolean {
    return this.ended.signal.aborted;
  }

  /** Aborts when it is over. */
  get over(): AbortSignal {
    return this.ended.signal;
  }

  /** One answer of the process. @throws an Error with what it said, or that it is gone */
  async ask<T extends Value | readonly Value[]>(command: Command): Promise<T> {
    if (this.isOver) throw new Error('The process is not stopped any more.');
    this.last += 1;
    const id = this.last;
    const answer = await new Promise<Answer>((resolve) => {
      this.waiting.set(id, resolve);
      this.send({ ...command, id });
    });
    if (!answer.ok) throw new Error(answer.error ?? 'The process is not stopped any more.');
    return answer.result as T;
  }

  /** Its message becomes the value of a Python expression. @throws as `ask` */
  async replaceMessage(expression: string, frame: number): Promise<Value> {
    const value = await this.ask<Value>({ do: 'replace', expression, frame });
    this.edited = value;
    return value;
  }

  /** It resumes, with what was intended for its message. */
  resume(options: ResumeOptions = {}): void {
    if (this.isOver) return;
    this.send({ do: 'resume', ...this.intent, ...options });
    this.end();
    this.socket.end();
  }

  /** An answer has come. */
  take(line: string): void {
    const answer = JSON.parse(line) as Answer;
    this.waiting.get(answer.id)?.(answer);
    this.waiting.delete(answer.id);
  }

  /** The process is gone. */
  gone(): void {
    this.end();
  }

  private end(): void {
    this.ended.abort();
    for (const resolve of this.waiting.values()) resolve({ id: 0, ok: false });
    this.waiting.clear();
  }

  private send(what: object): void {
    this.socket.write(`${JSON.stringify(what)}\n`);
  }
}
