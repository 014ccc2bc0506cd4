import { shellStatus } from '../engine/os/exitStatus';
import { sourceAt } from '../engine/session/open';
import { Session } from '../engine/session/session';

/** Opens a recording, or a session folder in its current state. @throws an Error with a sentence */
export async function openRecording(path: string): Promise<Session> {
  // The reader of our output may close it early (`| head`), which is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(shellStatus({ exitCode: null, signal })));
  }
  const session = new Session(await sourceAt(path));
  // However this process ends, the unpacked recording is deleted.
  process.once('exit', () => session.dispose(false));
  await session.refresh();
  return session;
}
