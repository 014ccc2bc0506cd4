/** What the adapter says it can do. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { filters } from './exceptionFilters';

/** The capabilities of debugpy that a session has only with it. Each is served by `LineDebugger`. */
export const LINE_CAPABILITIES: DebugProtocol.Capabilities = {
  supportsGotoTargetsRequest: true,
  supportsStepInTargetsRequest: true,
  supportsModulesRequest: true,
  supportsValueFormattingOptions: true,
  supportsClipboardContext: true,
};

/** What every session can do. */
export function capabilities(): DebugProtocol.Capabilities {
  return {
    supportsConfigurationDoneRequest: true,
    supportsTerminateRequest: true,
    supportsRestartRequest: true,
    supportTerminateDebuggee: true,
    supportsFunctionBreakpoints: true,
    supportsConditionalBreakpoints: true,
    supportsHitConditionalBreakpoints: true,
    supportsLogPoints: true,
    supportsEvaluateForHovers: true,
    supportsSetVariable: true,
    supportsSetExpression: true,
    supportsDelayedStackTraceLoading: true,
    supportsExceptionFilterOptions: true,
    supportsExceptionInfoRequest: true,
    supportsCompletionsRequest: true,
    exceptionBreakpointFilters: filters(),
  };
}
