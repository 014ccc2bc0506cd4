/** What a session model is told at its beginning. */
import type { SessionMeta } from '../../../server/protocol/views';

export const META: SessionMeta = {
  id: 's',
  name: 's.py',
  command: [],
  cwd: '',
  python: '',
  platform: '',
  startedAt: '',
  recorded: false,
  source: '',
};
