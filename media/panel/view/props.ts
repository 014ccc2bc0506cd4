/** The external props of the views, in a separate file so that a view need not import the page that shows it. */
import type { PanelAct, PanelCommand } from '../../../server/protocol/panel';
import type { FindingCode, ProcessId, SourceLine } from '../../../server/protocol/views';
import type { SessionView } from '../../../server/shared/sessionView';
import type { PanelStore } from '../state/store';

/** The views' requests to the extension. */
export interface Actions {
  openLine(line: SourceLine): void;
  run(command: PanelCommand): void;
  /** Opens the page that explains the code, or mutes it. */
  finding(code: FindingCode, action: 'explain' | 'mute'): void;
  /** Selects the process in the tree; a paused one also in the debugger. */
  reveal(processId: ProcessId): void;
  /** Performs an action on the message at which the process is paused. */
  actOn(act: PanelAct, processId: ProcessId): void;
}

export interface PageProps {
  readonly store: PanelStore;
  readonly session: SessionView;
  readonly actions: Actions;
}
