/** Says where the line debugger did not get into a process: once for each reason, with what to do. */
import { installCommand } from '../debug/debugpy/debugpy';
import { log } from '../engine/log/log';
import type { Engine, SessionHandle } from '../engine/session/types';
import { type DapEvents, dapName } from '../protocol/dap';
import { plainLines } from '../protocol/plain';
import { lineDebuggerFailed } from './errors';

type Send = (event: string, body: unknown) => void;

export class LineFailures {
  private stop: () => void = () => {};

  constructor(
    private readonly engine: Pick<Engine, 'onUpdate'>,
    private readonly send: Send,
  ) {}

  /**
   * From now on the problems of this session are told: as a line of the debug console, and as the event
   * `lineDebuggerFailed`.
   */
  watch(session: Pick<SessionHandle, 'id' | 'lineProblems'>, python: string): void {
    this.dispose();
    const told = new Set<string>();
    const noted = new Set<number>();
    const command = installCommand(python);
    const look = (): void => {
      for (const { pid, name, reason } of session.lineProblems) {
        if (!noted.has(pid)) log.note('line debugger', `pid ${pid} was not entered: ${reason}`);
        noted.add(pid);
        if (told.has(reason)) continue;
        told.add(reason);
        const process = name === '' ? `pid ${pid}` : `${name} (pid ${pid})`;
        const text = lineDebuggerFailed(process, reason, command);
        this.send('output', { category: 'console', output: plainLines([text]) });
        const body: DapEvents['lineDebuggerFailed'] = { process, pid, reason, python, command };
        this.send(dapName('lineDebuggerFailed'), body);
      }
    };
    const unlisten = this.engine.onUpdate(look);
    this.stop = () => {
      unlisten();
      look();
    };
  }

  /** Reports the remaining problems. */
  dispose(): void {
    this.stop();
    this.stop = () => {};
  }
}
