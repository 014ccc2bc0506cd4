import { bytesOf } from '../engine/launch/bytes';
import { closeInherited, readEntry } from '../engine/launch/entry';
import { programEnvironment } from '../engine/launch/environment';
import { Starter } from '../engine/launch/starter';
import { supervise } from '../engine/launch/supervise';
import { takeSignals } from '../engine/os/groupSignals';
import { readSessionFile } from '../engine/session/folder';
import { leaveAs } from './leave';

/** `forkscope supervise`: runs the program of a session folder in this terminal, in its prepared environment. */
export async function superviseFolder(folder: string): Promise<number> {
  const entry = readEntry();
  const file = readSessionFile(folder);
  const [python = ''] = file.command;
  const opened = await Starter.open(python, entry);
  const program = {
    arguments: file.command.map(bytesOf),
    // Variables for this command only are removed.
    environment: programEnvironment(entry, folder, {}, ['ELECTRON_RUN_AS_NODE']),
    ...(file.cwd !== '' && { cwd: bytesOf(file.cwd) }),
    folder,
  };
  // They are passed on while the program runs; afterwards this process ends anyway.
  takeSignals(() => {});
  leaveAs(
    await supervise({ program, entry, starter: opened?.starter ?? null, onStarted: () => closeInherited(entry) }),
  );
}
