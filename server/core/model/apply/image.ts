import type { Image } from '../entities/process';
import type { SessionModel } from '../state/sessionModel';

/**
 * A journal appeared: a process has a new image.
 * @param parentUid the image that it was forked from; 0: none with a journal
 * @param at monotonic ns; @param ppid its parent as the kernel said; 0: not known
 */
export function applyImage(
  model: SessionModel,
  pid: number,
  uid: number,
  parentUid: number,
  at: number,
  ppid = 0,
): Image {
  if (model.origin === 0 || at < model.origin) model.origin = at;
  if (model.state === 'starting') model.state = 'running';
  model.changes.revision++;
  return model.processes.addImage(pid, uid, parentUid, at, ppid);
}
