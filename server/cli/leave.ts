/** How a command that ran a program exits: as the program did. */
import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import { log } from '../engine/log/log';
import { type ProgramEnd, shellStatus, signalNumber } from '../engine/os/exitStatus';
import { dieBy } from '../engine/os/groupSignals';

/** Ends this process as the program ended, with its exit code or by its signal, so that a shell sees the same. */
export function leaveAs(end: ProgramEnd): never {
  log.flush();
  const number = end.signal === null ? 0 : signalNumber(end.signal);
  if (number > 0 && process.platform !== 'win32') dieBy(number);
  process.on('exit', leaveTerminal);
  process.exit(shellStatus(end));
}

/**
 * Called last, because nothing can be printed afterwards. Node would restore the terminal to its state at our start and
 * undo the program's changes.
 */
function leaveTerminal(): void {
  if (process.platform === 'win32') return;
  for (const fd of [0, 1, 2]) {
    if (!isatty(fd)) continue;
    closeSync(fd);
    openSync('/dev/null', fd === 0 ? 'r' : 'w'); // reuses the lowest free number, which is `fd`
  }
}
