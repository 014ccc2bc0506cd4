import type { DebugProtocol } from '@vscode/debugprotocol';

/** The capabilities of debugpy that a session has only with it. Each is served by `LineDebugger`. */
export const LINE_CAPABILITIES: DebugProtocol.Capabilities = {
  supportsGotoTargetsRequest: true,
  supportsStepInTargetsRequest: true,
  supportsModulesRequest: true,
  supportsValueFormattingOptions: true,
  supportsClipboardContext: true,
};
