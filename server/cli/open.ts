import { Session } from '../session/handle';
import { sourceAt } from '../session/open';

/** Opens a recording, or a session folder as it is now. @throws an Error with a sentence */
export async function openRecording(path: string): Promise<Session> {
  const session = new Session(await sourceAt(path));
  await session.refresh();
  return session;
}
