/** Matches the messages that carry a pool's tasks and results with the tasks. */
import type { Channel } from '../entities/channel';
import type { Image } from '../entities/process';
import type { SessionModel } from '../state/sessionModel';

/** A worker sent a message on its pool's result queue. */
export function resultSent(model: SessionModel, channel: Channel, image: Image, message: number): void {
  const worker = channel.pool?.byKey.get(`${image.number}`);
  if (worker === undefined || worker.awaiting < 0) return;
  model.tasks.setResultMessage(worker.awaiting, message);
  // An unpicklable result is not sent; the failure in its place ends the task again. Anything else that the worker sends is not a result: it may send
  // its pid when it exits.
  worker.awaiting = -1;
}
/** A worker received a message from its pool's task queue. */
export function taskReceived(channel: Channel, image: Image, message: number): void {
  const worker = channel.pool?.byKey.get(`${image.number}`);
  if (worker === undefined) return;
  worker.received = message;
  // Later messages are not results of the previous task: an executor's worker sends its pid when it exits.
  worker.awaiting = -1;
}
