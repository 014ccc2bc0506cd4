import * as v from '../../protocol/vocabulary';
import { direction } from './channels';
import { countOutcome, putOrder } from './events';
import { LOST, NONE } from './halves';
import type { SessionModel } from './model';
import type { Image } from './processes';
import { endOf, poolKey, use } from './records';

/**
 * Events that were recycled before they were read: they still count. Their messages cannot be shown, and the order of those
 * that follow is told by the counts.
 * @param count how many events; @param bytes their payloads' sizes together
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
    const pool = model.pool(poolKey(model, obj) || obj);
    if (kind === v.KIND_TASK_SUBMIT) pool.submitted += count;
    else if (kind === v.KIND_TASK_START) pool.started += count;
    else if (outcome === v.OUTCOME_OK) pool.completed += count;
    else pool.failed += count;
    model.dirtyPools.add(pool);
    return;
  }
  const end = endOf(model, obj);
  const channel = end?.channel ?? model.channels.byGid.get(obj);
  if (channel === undefined) return;
  model.channels.dirtyStatus.add(channel);
  if (kind === v.KIND_DROP) {
    channel.drops += count;
    putOrder(channel, image).dropped += count;
  } else if (kind === v.KIND_TASK_DONE) {
    if (outcome === v.OUTCOME_OK) channel.tasksDone += count;
  } else if (outcome !== v.OUTCOME_OK) {
    countOutcome(channel, kind, outcome, count);
  } else if (kind === v.KIND_PUT) {
    channel.puts += count;
    putOrder(channel, image).put += count;
  } else if (end !== undefined && kind === v.KIND_SEND) {
    const way = channel.directions[direction(end, true)];
    way.sends += count;
    way.unlisted += count;
    channel.bytesSent += bytes;
    if (channel.isQueue) {
      channel.feederSends += count;
      putOrder(channel, image).sent += count;
    }
    use(image, end).sends += count;
    // Those that were received already are what was lost first.
    let left = count;
    while (left > 0 && way.early.shift() !== NONE) left--;
    way.unreceived.pushLost(left);
  } else if (end !== undefined && kind === v.KIND_RECV) {
    const way = channel.directions[direction(end, false)];
    way.receives += count;
    model.lostReceives += count;
    channel.bytesReceived += bytes;
    use(image, end).receives += count;
    // The oldest unreceived messages are those that the lost receives took.
    let left = count;
    for (; left > 0; left--) {
      const taken = way.unreceived.shift();
      if (taken === NONE) break;
      if (taken !== LOST) model.receivedUnseen++;
    }
    way.early.pushLost(left);
  }
}
