/** The messages that carry a pool's tasks and results: which task each one is of. */
import type { Channel } from '../entities/channel';
import type { Image } from '../entities/process';
import type { SessionModel } from '../state/sessionModel';

/** A message left a worker on its pool's queue of results. */
export function resultSent(model: SessionModel, channel: Channel, image: Image, message: number): void {
  const worker = channel.pool?.byKey.get(`${image.number}`);
  if (worker === undefined || worker.awaiting < 0) return;
  model.tasks.setResultMessage(worker.awaiting, message);
  // A result that cannot be pickled is not sent; the failure in its place ends the task again. Anything else that the worker sends
  // is not a result: it may send its pid when it exits.
  worker.awaiting = -1;
}
/** A worker took a message from its pool's queue of tasks. */
export function taskReceived(channel: Channel, image: Image, message: number): void {
  const worker = channel.pool?.byKey.get(`${image.number}`);
  if (worker === undefined) return;
  worker.received = message;
  // What it sends from now on is not a result of the previous task: an executor's worker sends its pid when it exits.
  worker.awaiting = -1;
}
