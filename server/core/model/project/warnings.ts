import type { Warning } from '../state/warnings';

/** The text of a warning for the user. */
export function warningText(warning: Warning): string {
  switch (warning.kind) {
    case 'text':
      return warning.text;
    case 'line-debugger':
      return `The line debugger did not start in pid ${warning.pid}: ${warning.reason}.`;
    case 'locked':
      return `Process ${warning.pid} kept ${warning.mb} MB of memory locked (mlockall), most of them Forkscope's journal, which is mapped whole. A lower limit of the recording's size makes that small.`;
    case 'incomplete':
      return `Recording of pid ${warning.pid} is incomplete: ${warning.text} (${warning.code}).`;
  }
}
