import * as v from '../../../protocol/vocabulary';
import { directionOf } from '../entities/channel';
import type { Image } from '../entities/process';
import type { SessionModel } from '../state/sessionModel';
import { LOST, NONE } from '../structures/halves';
import { endOf } from './endpoints';
import { countOutcome } from './outcomes';
import { use } from './uses';

/**
 * Counts events that were recycled before they were read. Their messages cannot be shown, and the counts preserve the order of later messages.
 * @param count number of events; @param bytes total size of their payloads
 */
export function countLost(
  model: SessionModel,
  image: Image,
  obj: number,
  kind: number,
  outcome: number,
  count: number,
  bytes: number,
): void {
  if (kind === v.KIND_TASK_SUBMIT || kind === v.KIND_TASK_START || kind === v.KIND_TASK_END) {
    const pool = model.pools.ensure(obj);
    if (kind === v.KIND_TASK_SUBMIT) pool.submitted += count;
    else if (kind === v.KIND_TASK_START) pool.started += count;
    else if (outcome === v.OUTCOME_OK) pool.completed += count;
    else pool.failed += count;
    model.changes.pools.status(pool);
    return;
  }
  const end = endOf(model, obj);
  const channel = end?.channel ?? model.channels.byGid.get(obj);
  if (channel === undefined) return;
  model.changes.channels.status(channel);
  if (kind === v.KIND_DROP) {
    channel.drops += count;
    model.channels.putOrder(channel, image).dropped += count;
  } else if (kind === v.KIND_TASK_DONE) {
    if (outcome === v.OUTCOME_OK) channel.tasksDone += count;
  } else if (outcome !== v.OUTCOME_OK) {
    countOutcome(channel, kind, outcome, count);
  } else if (kind === v.KIND_PUT) {
    channel.puts += count;
    model.channels.putOrder(channel, image).put += count;
  } else if (end !== undefined && kind === v.KIND_SEND) {
    const direction = directionOf(end, true);
    direction.sends += count;
    direction.unlisted += count;
    channel.bytesSent += bytes;
    if (channel.isQueue) {
      channel.feederSends += count;
      model.channels.putOrder(channel, image).sent += count;
    }
    use(model, image, end).sends += count;
    // Messages that were already received were lost first.
    let left = count;
    while (left > 0 && direction.early.shift() !== NONE) left--;
    direction.unreceived.pushLost(left);
  } else if (end !== undefined && kind === v.KIND_RECV) {
    const direction = directionOf(end, false);
    direction.receives += count;
    model.lostReceives += count;
    channel.bytesReceived += bytes;
    use(model, image, end).receives += count;
    // The lost receives took the oldest unreceived messages.
    let left = count;
    for (; left > 0; left--) {
      const taken = direction.unreceived.shift();
      if (taken === NONE) break;
      if (taken !== LOST) model.receivedUnseen++;
    }
    direction.early.pushLost(left);
  }
}
