/** How a command of ours that ran a program ends: as the program did. */
import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import { log } from '../engine/log/log';
import { type ProgramEnd, shellStatus, signalNumber } from '../engine/os/exitStatus';
import { dieBy } from '../engine/os/groupSignals';

/** Ends this process as the program ended: with its exit code, or by its signal, so that a shell sees what it would have seen. */
export function leaveAs(end: ProgramEnd): never {
  log.flush();
  const number = end.signal === null ? 0 : signalNumber(end.signal);
  if (number > 0 && process.platform !== 'win32') dieBy(number);
  process.on('exit', leaveTerminal);
  process.exit(shellStatus(end));
}

/** Last of all, because nothing is said after it. Node would set the terminal as it was at our start, and undo what the program did to it. */
function leaveTerminal(): void {
  if (process.platform === 'win32') return;
  for (const fd of [0, 1, 2]) {
    if (!isatty(fd)) continue;
    closeSync(fd);
    openSync('/dev/null', fd === 0 ? 'r' : 'w'); // takes the lowest free number, which is that one
  }
}
