/** What the Variables view shows of a stop: scopes, and everything that can be opened in them. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as l10n from '@vscode/l10n';
import { payloadTree } from '../core/pickle/payload';
import type { Stopped, Value } from '../debug/pauses/stopped';
import type { PayloadNode } from '../protocol/views';

/** Rows that the adapter itself knows. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

type Opened =
  | { readonly kind: 'locals' | 'globals'; readonly stop: Stopped; readonly frame: number }
  | { readonly kind: 'children'; readonly stop: Stopped; readonly ref: number; readonly frame: number }
  | { readonly kind: 'message'; readonly stop: Stopped; readonly facts: readonly Fact[] }
  | { readonly kind: 'payload'; readonly stop: Stopped; readonly nodes: readonly PayloadNode[] }
  | { readonly kind: 'facts'; readonly stop: Stopped; readonly facts: readonly Fact[] };

export const MESSAGE = 'message';
/** What the editor's menu of the message's row goes by; package.json names it. */
const MENU = 'forkscopeMessage';

export class Variables {
  private last = 0;
  private readonly opened = new Map<number, Opened>();
  private readonly edited = new Map<Stopped, Value>();

  scopes(
    stop: Stopped,
    frame: number,
    message: readonly Fact[] | null,
    channel: readonly Fact[] | null,
  ): DebugProtocol.Scope[] {
    const scope = (name: string, opened: Opened, expensive = false): DebugProtocol.Scope => ({
      name,
      variablesReference: this.open(opened),
      expensive,
    });
    return [
      ...(message === null ? [] : [scope(l10n.t('Message'), { kind: 'message', stop, facts: message })]),
      ...(channel === null ? [] : [scope(l10n.t('Channel'), { kind: 'facts', stop, facts: channel })]),
      scope(l10n.t('Locals'), { kind: 'locals', stop, frame }),
      scope(l10n.t('Globals'), { kind: 'globals', stop, frame }, true),
    ];
  }

  /** Rejects when the process is not stopped any more. */
  async list(reference: number): Promise<DebugProtocol.Variable[]> {
    const opened = this.opened.get(reference);
    if (opened === undefined) throw new Error(l10n.t('The process is not stopped any more.'));
    const { stop } = opened;
    switch (opened.kind) {
      case 'facts':
        return opened.facts.map(factRow);
      case 'message':
        return [this.messageRow(stop), ...opened.facts.map(factRow)];
      case 'payload':
        return opened.nodes.map((node) => this.nodeRow(stop, node, node.name));
      case 'locals':
      case 'globals':
        return this.rows(stop, opened.frame, await stop.ask({ do: opened.kind, frame: opened.frame }));
      case 'children':
        return this.rows(stop, opened.frame, await stop.ask({ do: 'children', ref: opened.ref }));
    }
  }

  /** Changes a value in the stopped process; in the Message scope: what the message will be. */
  async set(
    reference: number,
    name: string,
    expression: string,
    replaced: (stop: Stopped) => void,
  ): Promise<DebugProtocol.Variable> {
    const opened = this.opened.get(reference);
    if (opened === undefined) throw new Error(l10n.t('The process is not stopped any more.'));
    const { stop } = opened;
    if (opened.kind === 'message' && name === MESSAGE) {
      const row = await this.replace(stop, expression, 0);
      replaced(stop);
      return row;
    }
    if (opened.kind === 'locals' || opened.kind === 'globals') {
      const { frame, kind } = opened;
      return this.row(stop, frame, await stop.ask({ do: 'set', scope: kind, frame, ref: 0, name, expression }));
    }
    if (opened.kind === 'children') {
      const { frame, ref } = opened;
      return this.row(stop, frame, await stop.ask({ do: 'set', scope: 'ref', frame, ref, name, expression }));
    }
    throw new Error(l10n.t('Change the whole message: set "message" to a Python expression.'));
  }

  /** The message becomes the value of an expression. */
  async replace(stop: Stopped, expression: string, frame: number): Promise<DebugProtocol.Variable> {
    const value = await stop.ask<Value>({ do: 'replace', expression, frame });
    this.edited.set(stop, value);
    return this.row(stop, frame, value);
  }

  /** Gives what an expression names another value, and answers that. */
  async assign(stop: Stopped, expression: string, value: string, frame: number): Promise<DebugProtocol.Variable> {
    // In parentheses neither is more than an expression.
    await stop.ask<Value>({ do: 'evaluate', expression: `(${expression}) = (${value})`, frame });
    return this.evaluate(stop, expression, frame);
  }

  async evaluate(stop: Stopped, expression: string, frame: number): Promise<DebugProtocol.Variable> {
    return this.row(stop, frame, await stop.ask<Value>({ do: 'evaluate', expression, frame }));
  }

  /** What the message of a stop became; undefined: it is as it was. */
  editOf(stop: Stopped): Value | undefined {
    return this.edited.get(stop);
  }

  /** The stop is over: nothing of it can be opened. */
  forget(stop: Stopped): void {
    this.edited.delete(stop);
    for (const [reference, opened] of this.opened) if (opened.stop === stop) this.opened.delete(reference);
  }

  private messageRow(stop: Stopped): DebugProtocol.Variable {
    return { ...this.messageValue(stop), __vscodeVariableMenuContext: MENU } as DebugProtocol.Variable;
  }

  private messageValue(stop: Stopped): DebugProtocol.Variable {
    const edited = this.edited.get(stop);
    if (edited !== undefined) return this.row(stop, 0, { ...edited, name: MESSAGE });
    const { message } = stop.told;
    const tree = this.payload(stop);
    if (tree === null) return { name: MESSAGE, value: message?.text ?? message?.problem ?? '', variablesReference: 0 };
    return this.nodeRow(stop, tree, MESSAGE);
  }

  /** What the message of a stop is made of as its process made it; null: its bytes are not known. */
  payload({ told: { message } }: Stopped): PayloadNode | null {
    if (message?.data === undefined || message.size === undefined) return null;
    const bytes = Buffer.from(message.data, 'base64');
    return payloadTree({ bytes, size: message.size, encoding: message.raw === true ? 'raw' : 'pickle' });
  }

  private nodeRow(stop: Stopped, node: PayloadNode, name: string): DebugProtocol.Variable {
    const nodes = node.children ?? [];
    return {
      name,
      value: node.text,
      type: node.type,
      variablesReference: nodes.length > 0 ? this.open({ kind: 'payload', stop, nodes }) : 0,
    };
  }

  private rows(stop: Stopped, frame: number, values: readonly Value[]): DebugProtocol.Variable[] {
    return values.map((value) => this.row(stop, frame, value));
  }
  private row(stop: Stopped, frame: number, value: Value): DebugProtocol.Variable {
    const { name, text, type, ref } = value;
    const variablesReference = ref > 0 ? this.open({ kind: 'children', stop, ref, frame }) : 0;
    return { name, value: text, type, variablesReference };
  }

  private open(opened: Opened): number {
    this.last += 1;
    this.opened.set(this.last, opened);
    return this.last;
  }
}

function factRow({ name, value }: Fact): DebugProtocol.Variable {
  return { name, value, variablesReference: 0, presentationHint: { attributes: ['readOnly'] } };
}
