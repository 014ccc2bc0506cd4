/** The requests that set breakpoints; possible from the start. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BreakpointAnswer, Breakpoints } from '../debug/breakpoints';
import type { LineDebugger } from '../debug/debugpy/lineDebugger';
import type { PauseDebugger } from '../debug/threads/pauseDebugger';
import { log } from '../engine/log/log';

type Request = (args: unknown) => unknown;

/** Those that have to know; null where nothing pauses at operations, or at lines. */
interface Debuggers {
  readonly pauses: PauseDebugger | null;
  readonly lines: LineDebugger | null;
}

export function breakpointRequests(
  breakpoints: Breakpoints,
  debuggers: () => Debuggers,
): Readonly<Record<string, Request>> {
  return {
    setBreakpoints: async (args) => {
      const wanted = args as DebugProtocol.SetBreakpointsArguments;
      const file = wanted.source.path ?? '';
      const ours = breakpoints.setLines(file, wanted.breakpoints ?? []);
      const { pauses, lines } = debuggers();
      pauses?.breakpointsChanged();
      const answers = (await lines?.setLines(file)) ?? ours;
      noteUnverified(file, answers);
      return { breakpoints: answers };
    },
    setFunctionBreakpoints: (args) => {
      const wanted = args as DebugProtocol.SetFunctionBreakpointsArguments;
      const answers = breakpoints.setFunctions(wanted.breakpoints);
      debuggers().pauses?.breakpointsChanged();
      noteUnverified('functions', answers);
      return { breakpoints: answers };
    },
    setExceptionBreakpoints: async (args) => {
      const { filters, filterOptions = [] } = args as DebugProtocol.SetExceptionBreakpointsArguments;
      const answers = breakpoints.setFilters([...filters.map((filterId) => ({ filterId })), ...filterOptions]);
      const { pauses, lines } = debuggers();
      pauses?.breakpointsChanged();
      noteUnverified('filters', answers);
      await lines?.setExceptions();
      return { breakpoints: answers };
    },
  };
}

/** @param where a file, or what kind they are */
function noteUnverified(where: string, answers: readonly BreakpointAnswer[]): void {
  for (const { id, line, verified, message = 'no reason is known' } of answers)
    if (!verified)
      log.note(
        'breakpoint',
        () => `#${id} in ${where}${line === undefined ? '' : `:${line}`} is not verified: ${message}`,
      );
}
