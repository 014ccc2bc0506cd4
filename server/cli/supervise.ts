import { readSessionFile, sessionEnvironment } from '../session/folder';
import { shellStatus, supervise } from '../session/supervise';

/** `forkscope supervise`: the program of a session folder, in this terminal, in the environment that was prepared for it. */
export async function superviseFolder(folder: string): Promise<number> {
  const file = readSessionFile(folder);
  // What only this command itself needed is not the program's.
  const { ELECTRON_RUN_AS_NODE: _node, ...env } = process.env;
  const ended = await supervise(folder, file.command, file.cwd || process.cwd(), sessionEnvironment(folder, env));
  return shellStatus(ended);
}
