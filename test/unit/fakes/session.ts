/** The initial metadata of a session model. */
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
