import { shellStatus } from '../engine/os/exitStatus';
import { sourceAt } from '../engine/session/open';
import { Session } from '../engine/session/session';

/** Opens a recording, or a session folder as it is now. @throws an Error with a sentence */
export async function openRecording(path: string): Promise<Session> {
  // Whoever reads our output may stop reading (`| head`): that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(shellStatus({ exitCode: null, signal })));
  }
  const session = new Session(await sourceAt(path));
  // However this process ends, what was unpacked goes with it.
  process.once('exit', () => session.dispose(false));
  await session.refresh();
  return session;
}
