/** The values of paused threads: scopes, and everything that can be opened in them, by numbers that are one count for all. */
import * as l10n from '@vscode/l10n';
import type { PayloadNode } from '../../protocol/views';
import { messageTree } from './messageText';
import type { PausedThread, Value } from './pausedThread';

/** Rows that the adapter itself knows. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

type Opened =
  | { readonly kind: 'locals' | 'globals'; readonly thread: PausedThread; readonly frame: number }
  | { readonly kind: 'children'; readonly thread: PausedThread; readonly ref: number; readonly frame: number }
  | { readonly kind: 'message'; readonly thread: PausedThread; readonly facts: readonly Fact[] }
  | { readonly kind: 'payload'; readonly thread: PausedThread; readonly nodes: readonly PayloadNode[] }
  | { readonly kind: 'facts'; readonly thread: PausedThread; readonly facts: readonly Fact[] };

export const MESSAGE = 'message';

/** A value to be shown. `ref` above 0 opens it (`list`). */
export interface Row {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
  readonly ref: number;
  /** It is the message that its thread is paused at. */
  readonly isMessage?: true;
  readonly isReadOnly?: true;
}

export interface Scope {
  readonly name: string;
  readonly ref: number;
  /** Its values are many: they are fetched on demand only. */
  readonly expensive: boolean;
}

export class Variables {
  private last = 0;
  private readonly opened = new Map<number, Opened>();

  /** @param edited the message of this thread became another one */
  constructor(private readonly edited: (thread: PausedThread) => void) {}

  scopes(
    thread: PausedThread,
    frame: number,
    message: readonly Fact[] | null,
    channel: readonly Fact[] | null,
  ): Scope[] {
    const scope = (name: string, opened: Opened, expensive = false): Scope => ({
      name,
      ref: this.open(opened),
      expensive,
    });
    return [
      ...(message === null ? [] : [scope(l10n.t('Message'), { kind: 'message', thread, facts: message })]),
      ...(channel === null ? [] : [scope(l10n.t('Channel'), { kind: 'facts', thread, facts: channel })]),
      scope(l10n.t('Locals'), { kind: 'locals', thread, frame }),
      scope(l10n.t('Globals'), { kind: 'globals', thread, frame }, true),
    ];
  }

  /** Rejects when the process is not stopped any more. */
  async list(reference: number): Promise<Row[]> {
    const opened = this.opened.get(reference);
    if (opened === undefined) throw new Error(l10n.t('The process is not stopped any more.'));
    const { thread } = opened;
    switch (opened.kind) {
      case 'facts':
        return opened.facts.map(factRow);
      case 'message':
        return [this.messageRow(thread), ...opened.facts.map(factRow)];
      case 'payload':
        return opened.nodes.map((node) => this.nodeRow(thread, node, node.name));
      case 'locals':
      case 'globals':
        return this.rows(thread, opened.frame, await thread.ask({ do: opened.kind, frame: opened.frame }));
      case 'children':
        return this.rows(thread, opened.frame, await thread.ask({ do: 'children', ref: opened.ref }));
    }
  }

  /** Changes a value in the stopped process; in the Message scope: what the message will be. */
  async set(reference: number, name: string, expression: string): Promise<Row> {
    const opened = this.opened.get(reference);
    if (opened === undefined) throw new Error(l10n.t('The process is not stopped any more.'));
    const { thread } = opened;
    if (opened.kind === 'message' && name === MESSAGE) return this.replace(thread, expression, 0);
    if (opened.kind === 'locals' || opened.kind === 'globals') {
      const { frame, kind } = opened;
      return this.row(thread, frame, await thread.ask({ do: 'set', scope: kind, frame, ref: 0, name, expression }));
    }
    if (opened.kind === 'children') {
      const { frame, ref } = opened;
      return this.row(thread, frame, await thread.ask({ do: 'set', scope: 'ref', frame, ref, name, expression }));
    }
    throw new Error(l10n.t('Change the whole message: set "message" to a Python expression.'));
  }

  /** The message becomes the value of an expression. */
  async replace(thread: PausedThread, expression: string, frame: number): Promise<Row> {
    const value = await thread.replaceMessage(expression, frame);
    this.edited(thread);
    return this.row(thread, frame, value);
  }

  /** Gives what an expression names another value, and answers that; "message" is the message of the thread. */
  async assign(thread: PausedThread, expression: string, value: string, frame: number): Promise<Row> {
    if (expression.trim() === MESSAGE && thread.info.message !== null) return this.replace(thread, value, frame);
    // In parentheses neither is more than an expression.
    await thread.ask<Value>({ do: 'evaluate', expression: `(${expression}) = (${value})`, frame });
    return this.evaluate(thread, expression, frame);
  }

  async evaluate(thread: PausedThread, expression: string, frame: number): Promise<Row> {
    return this.row(thread, frame, await thread.ask<Value>({ do: 'evaluate', expression, frame }));
  }

  /** The thread is over: nothing of it can be opened. */
  forget(thread: PausedThread): void {
    for (const [reference, opened] of this.opened) if (opened.thread === thread) this.opened.delete(reference);
  }

  private messageRow(thread: PausedThread): Row {
    return { ...this.messageValue(thread), isMessage: true };
  }

  private messageValue(thread: PausedThread): Row {
    const { edited } = thread;
    if (edited !== null) return this.row(thread, 0, { ...edited, name: MESSAGE });
    const { message } = thread.info;
    const tree = messageTree(thread.info.message);
    if (tree === null) return { name: MESSAGE, value: message?.text ?? message?.problem ?? '', ref: 0 };
    return this.nodeRow(thread, tree, MESSAGE);
  }

  private nodeRow(thread: PausedThread, node: PayloadNode, name: string): Row {
    const nodes = node.children ?? [];
    return {
      name,
      value: node.text,
      type: node.type,
      ref: nodes.length > 0 ? this.open({ kind: 'payload', thread, nodes }) : 0,
    };
  }

  private rows(thread: PausedThread, frame: number, values: readonly Value[]): Row[] {
    return values.map((value) => this.row(thread, frame, value));
  }
  private row(thread: PausedThread, frame: number, value: Value): Row {
    const { name, text, type, ref } = value;
    return { name, value: text, type, ref: ref > 0 ? this.open({ kind: 'children', thread, ref, frame }) : 0 };
  }

  private open(opened: Opened): number {
    this.last += 1;
    this.opened.set(this.last, opened);
    return this.last;
  }
}

function factRow({ name, value }: Fact): Row {
  return { name, value, ref: 0, isReadOnly: true };
}
