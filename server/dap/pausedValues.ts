/** Scopes, values and the debug console of threads that are paused at operations. Requests that a process refuses reject with a DebugError. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as l10n from '@vscode/l10n';
import { answerOf, refused } from '../debug/errors';
import { consoleCommand, consoleHelp } from '../debug/pauses/console';
import { channelFacts, messageFacts } from '../debug/pauses/facts';
import type { PausedThread } from '../debug/pauses/pausedThread';
import { Variables } from '../debug/pauses/variables';
import type { DebuggedRun } from '../debug/run';
import type { PauseDebugger } from '../debug/threads/pauseDebugger';
import { BLOCKED_FRAME, type PausedFrames } from './pausedFrames';
import { scopeOf, variableOf } from './rows';

export class PausedValues {
  private readonly variables = new Variables((thread) => this.pauses().edited(thread));

  /**
   * @param run null before there is one
   * @param pauses throws a DapError where nothing of the session can be paused
   */
  constructor(
    private readonly frames: PausedFrames,
    private readonly run: () => DebuggedRun | null,
    private readonly pauses: () => PauseDebugger,
  ) {}

  /** The thread was resumed: nothing of it can be opened. */
  forget(threadId: number): void {
    for (const thread of this.frames.forget(threadId)) this.variables.forget(thread);
  }

  /** The message becomes the value of a Python expression. */
  async replaceMessage(thread: PausedThread, expression: string): Promise<void> {
    await answerOf(this.variables.replace(thread, expression, 0));
  }

  scopes({ frameId }: DebugProtocol.ScopesArguments): DebugProtocol.ScopesResponse['body'] {
    const run = this.run();
    if (frameId === BLOCKED_FRAME || run === null) return { scopes: [] };
    const { thread, frame } = this.frames.find(frameId);
    const { info } = thread;
    const scopes = this.variables.scopes(thread, frame, messageFacts(run, info), channelFacts(run, info));
    return { scopes: scopes.map(scopeOf) };
  }

  async list({ variablesReference }: DebugProtocol.VariablesArguments) {
    return { variables: (await answerOf(this.variables.list(variablesReference))).map(variableOf) };
  }

  async setVariable({ variablesReference, name, value }: DebugProtocol.SetVariableArguments) {
    return variableOf(await answerOf(this.variables.set(variablesReference, name, value)));
  }

  async evaluate({ expression, frameId = BLOCKED_FRAME, context }: DebugProtocol.EvaluateArguments) {
    const { thread, frame, threadId } = this.frames.find(frameId);
    if (context === 'repl') {
      const said = await this.command(expression.trim(), threadId, thread, frame);
      if (said !== null) return { result: said, variablesReference: 0 };
    }
    const { name: _, value, ...row } = variableOf(await answerOf(this.variables.evaluate(thread, expression, frame)));
    return { result: value, ...row };
  }

  /** In a process that is paused at a message: of what can be assigned to, and of the message itself. */
  async assign({ expression, value, frameId = BLOCKED_FRAME }: DebugProtocol.SetExpressionArguments) {
    const { thread, frame } = this.frames.find(frameId);
    return variableOf(await answerOf(this.variables.assign(thread, expression, value, frame)));
  }

  /** What is done to a message from the debug console; null when it is Python. */
  private async command(text: string, threadId: number, thread: PausedThread, frame: number): Promise<string | null> {
    const command = consoleCommand(text);
    if (command === null) return null;
    const pauses = this.pauses();
    if (command.kind === 'help') return consoleHelp();
    if (thread.info.message === null) throw refused(l10n.t('There is no message here.'));
    if (command.kind === 'replace')
      return (await answerOf(this.variables.replace(thread, command.expression, frame))).value;
    pauses.intend(threadId, command.intent);
    return l10n.t('Done when the process goes on.');
  }
}
