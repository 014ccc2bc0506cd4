/** How a command of ours that ran a program ends: as the program did. */
import { type ProgramEnd, shellStatus, signalNumber } from '../control/exitStatus';
import { dieBy } from '../control/groupSignals';
import { log } from '../log/log';

/** Ends this process as the program ended: with its exit code, or by its signal, so that a shell sees what it would have seen. */
export function leaveAs(end: ProgramEnd): never {
  log.flush();
  const number = end.signal === null ? 0 : signalNumber(end.signal);
  if (number > 0 && process.platform !== 'win32') dieBy(number);
  process.exit(shellStatus(end));
}
