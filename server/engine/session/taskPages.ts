import { payloadPlace } from '../../core/model/entities/messageIndex';
import { FAILED, RUNNING, type TaskEntry } from '../../core/model/entities/taskIndex';
import type { SessionModel } from '../../core/model/state/sessionModel';
import { ownArguments, ownOutcome } from '../../core/pickle/ownMessages';
import type { Payload } from '../../core/pickle/payload';
import { type Outcome, type Shown, taskArguments, taskOutcome } from '../../core/pickle/task';
import { MESSAGE_PATHS, OWN_POOLS } from '../../protocol/libraries';
import type { TasksParams } from '../../protocol/requests';
import type { TasksResult } from '../../protocol/stream';
import type { TaskDetail, TaskRow } from '../../protocol/views';
import type { SessionReader } from '../journal/sessionReader';
import { TaskList, taskState } from './taskList';

const MAX_LIMIT = 1000;
const TEXTS = 8192;
/** Only the latest few lists are worth their memory. */
const LISTS = 3;

/** Pages of a session's tasks. Arguments and results are read from the journals and decoded when they are asked for. */
export class TaskPages {
  private readonly lists = new Map<string, TaskList>();
  private readonly arguments = new Map<number, string>();
  private readonly results = new Map<number, string>();

  constructor(
    private readonly model: SessionModel,
    private readonly reader: SessionReader,
  ) {}

  page({
    filter,
    order = 'submitted',
    descending = false,
    offset,
    limit,
  }: Omit<TasksParams, 'sessionId'>): TasksResult {
    const from = Math.max(0, offset);
    const to = from + Math.min(Math.max(0, limit), MAX_LIMIT);
    const text = (filter.text ?? '').toLowerCase();
    const key = JSON.stringify([
      filter.poolId,
      filter.state,
      filter.workerId,
      filter.function,
      text,
      order,
      descending,
    ]);
    let list = this.lists.get(key);
    if (list === undefined) {
      list = new TaskList(this.model, { ...filter, text }, order, descending, (id) => this.searched(id));
      this.lists.set(key, list);
      if (this.lists.size > LISTS) this.lists.delete(this.lists.keys().next().value as string);
    }
    const complete = list.extend();
    const rows = list.slice(from, to).flatMap((id) => this.row(id) ?? []);
    return { rows, total: list.length, complete };
  }

  row(id: number): TaskRow | null {
    const { model } = this;
    const task = model.tasks.entry(id);
    const pool = task === null ? undefined : model.pools.list[task.pool];
    if (task === null || pool === undefined) return null;
    const worker = model.pools.workers[task.worker];
    const state = taskState(model, task.state, task.worker, task.pool);
    const { startedAt, endedAt, submittedAt } = task;
    const name = model.tasks.functions[task.function];
    const lostAt = worker?.image.process.endedAt ?? -1;
    const until = task.state !== RUNNING ? endedAt : state === 'lost' && lostAt >= 0 ? lostAt : model.now;
    const waitedUntil =
      startedAt >= 0 ? startedAt : state === 'waiting' ? model.now : state === 'cancelled' ? endedAt : -1;
    return {
      id,
      poolId: pool.id,
      job: task.job,
      index: task.index,
      kind: task.chunk ? 'chunk' : 'call',
      items: task.items,
      function: name?.name ?? '',
      arguments: this.argumentsText(id),
      result: this.resultText(task),
      state,
      workerId: worker?.id ?? null,
      worker: worker?.name ?? null,
      submittedAtMs: this.ms(submittedAt),
      startedAtMs: startedAt < 0 ? null : this.ms(startedAt),
      endedAtMs: endedAt < 0 ? null : this.ms(endedAt),
      waitedMs: waitedUntil < 0 ? null : span(submittedAt, waitedUntil),
      ranMs: startedAt < 0 ? null : span(startedAt, until),
      submitLine: model.locations.line(task.line),
      functionLine: model.locations.line(name?.line ?? 0),
    };
  }

  detail(id: number): TaskDetail | null {
    const row = this.row(id);
    const task = this.model.tasks.entry(id);
    if (row === null || task === null) return null;
    const outcome = this.outcome(task);
    const failed = task.state === FAILED;
    return {
      ...row,
      argumentsTree: this.decoded(task)?.tree ?? null,
      resultTree: failed ? null : (outcome?.tree ?? null),
      exception: failed ? this.outcomeText(task, outcome) || null : null,
      traceback: failed ? this.traceback(task, outcome) : null,
      taskMessage: task.taskMessage < 0 ? null : task.taskMessage,
      resultMessage: task.resultMessage < 0 ? null : task.resultMessage,
    };
  }

  /** A task's arguments as short text; '' where they were not recorded. */
  argumentsText(id: number): string {
    return remembered(this.arguments, id, () => {
      const task = this.model.tasks.entry(id);
      return (task === null ? null : this.decoded(task)?.text) ?? '';
    });
  }
  private resultText(task: TaskEntry): string {
    if (task.resultMessage < 0) return task.state === FAILED ? lastLine(this.endText(task)) : '';
    return remembered(this.results, task.id, () => this.outcomeText(task, this.outcome(task)));
  }
  /** What the message says; where it does not reach what was raised, the last line of what the worker noted. */
  private outcomeText(task: TaskEntry, outcome: Outcome | null): string {
    const noted = outcome?.cut === true ? lastLine(this.endText(task)) : '';
    return noted || (outcome?.text ?? '');
  }
  private searched(id: number): string {
    const task = this.model.tasks.entry(id);
    if (task === null) return '';
    const name = this.model.tasks.functions[task.function]?.name ?? '';
    return `${name}\n${this.argumentsText(id)}\n${this.resultText(task)}`.toLowerCase();
  }

  private decoded(task: TaskEntry): Shown | null {
    const payload = this.payload(task.taskMessage);
    if (payload === null) return null;
    const { library = '' } = this.model.pools.list[task.pool] ?? {};
    if (!OWN_POOLS.includes(library)) return taskArguments(payload);
    return ownArguments(payload, MESSAGE_PATHS[library] ?? {}, task.chunk);
  }
  private outcome(task: TaskEntry): Outcome | null {
    const payload = this.payload(task.resultMessage);
    if (payload === null) return null;
    const { library = '' } = this.model.pools.list[task.pool] ?? {};
    if (!OWN_POOLS.includes(library)) return taskOutcome(payload, task.state === FAILED);
    return ownOutcome(payload, MESSAGE_PATHS[library] ?? {}, task.state === FAILED);
  }
  /** The head from the message, the end from what the worker noted. */
  private traceback(task: TaskEntry, outcome: Outcome | null): string | null {
    const head = outcome?.traceback ?? null;
    if (head !== null && !head.open) return head.text;
    const end = this.endText(task);
    if (head === null || end === '') return head === null ? end || null : `${head.text}…`;
    for (let size = Math.min(head.text.length, end.length); size >= 8; size--)
      if (head.text.endsWith(end.slice(0, size))) return head.text + end.slice(size);
    return end.includes(head.text) ? end : `${head.text}\n…\n${end}`;
  }
  private endText(task: TaskEntry): string {
    const worker = this.model.pools.workers[task.worker];
    if (worker === undefined || task.endSeq < 0) return '';
    return this.reader.payload(worker.image.number, task.endSeq)?.bytes.toString('utf8').trimEnd() ?? '';
  }

  private payload(message: number): Payload | null {
    const entry = this.model.messages.entry(message);
    const read = entry === null ? null : this.reader.payload(...payloadPlace(entry));
    if (read === null) return null;
    return { bytes: read.bytes, size: read.size, encoding: read.raw ? 'raw' : 'pickle' };
  }
  private ms(at: number): number {
    return Math.round((at - this.model.origin) / 1e3) / 1e3;
  }
}

function span(from: number, to: number): number {
  return Math.max(0, Math.round((to - from) / 1e3) / 1e3);
}
function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? '';
}
function remembered(texts: Map<number, string>, id: number, make: () => string): string {
  const known = texts.get(id);
  if (known !== undefined) return known;
  const text = make();
  if (text === '') return text; // it may be there later
  if (texts.size >= TEXTS) texts.clear();
  texts.set(id, text);
  return text;
}
