/** What the views get from outside: kept apart so that a view need not import the page that shows it. */
import type { PanelAct, PanelCommand } from '../../../server/protocol/panel';
import type { FindingCode, ProcessId, SourceLine } from '../../../server/protocol/views';
import type { SessionView } from '../../../server/shared/sessionView';
import type { PanelStore } from '../state/store';

/** What the views ask of the extension. */
export interface Actions {
  openLine(line: SourceLine): void;
  run(command: PanelCommand): void;
  /** Opens the page that explains the code, or mutes it. */
  finding(code: FindingCode, action: 'explain' | 'mute'): void;
  /** Selects the process in the tree; one that is stopped also in the debugger. */
  reveal(processId: ProcessId): void;
  /** Does something to the message that the process is stopped at. */
  actOn(act: PanelAct, processId: ProcessId): void;
}

export interface PageProps {
  readonly store: PanelStore;
  readonly session: SessionView;
  readonly actions: Actions;
}
