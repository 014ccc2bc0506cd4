/** Values of paused threads in the protocol's shape. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Row, Scope } from '../debug/pauses/variables';

/** What the editor's menu of the message's row goes by; package.json names it. */
const MENU = 'forkscopeMessage';

export function variableOf({ ref, isMessage, isReadOnly, ...row }: Row): DebugProtocol.Variable {
  return {
    ...row,
    variablesReference: ref,
    ...(isMessage === true && { __vscodeVariableMenuContext: MENU }),
    ...(isReadOnly === true && { presentationHint: { attributes: ['readOnly'] } }),
  };
}

export function scopeOf({ name, ref, expensive }: Scope): DebugProtocol.Scope {
  return { name, variablesReference: ref, expensive };
}
