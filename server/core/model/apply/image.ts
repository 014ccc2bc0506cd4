import type { Image } from '../entities/process';
import type { SessionModel } from '../state/sessionModel';

/**
 * A journal appeared: a process has a new image.
 * @param parentUid the image that it was forked from; 0: none with a journal
 * @param at monotonic ns; @param ppid pid of its parent according to the kernel; 0: unknown
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
  const image = model.processes.addImage(pid, uid, parentUid, at, ppid);
  // The kernel reports no parent in another PID namespace. Without a new namespace, a fork is in its parent's.
  if (image.parent !== null) image.process.pidSpace = ppid === 0 ? -1 : image.parent.process.pidSpace;
  return image;
}
