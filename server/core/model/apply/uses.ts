import type { End, Use } from '../entities/channel';
import type { Image } from '../entities/process';
import type { SessionModel } from '../state/sessionModel';

/**
 * The use of this end by this image. It is created if the end was inherited without a record.
 * @param openedAt monotonic ns; -1: before its first recorded use
 */
export function use(model: SessionModel, image: Image, end: End, openedAt = -1): Use {
  if (end.recent?.image === image) return end.recent.use;
  const uses = model.channels.usesOf(image);
  let found = uses.get(end.gid);
  if (found === undefined || found.channel !== end.channel) {
    const same = end.channel.uses.find(
      (each) => each.process === image.process && each.end.side === end.side && each.end.mode === end.mode,
    );
    found = same ?? {
      process: image.process,
      channel: end.channel,
      end,
      open: true,
      openedAt,
      closedAt: -1,
      sends: 0,
      receives: 0,
      inherited: false,
      lastLine: 0,
      lastSentAt: -1,
      lastReceivedAt: -1,
      lastReceiver: 0,
    };
    found.open = true;
    if (same === undefined) end.channel.uses.push(found);
    uses.set(end.gid, found);
  }
  end.recent = { image, use: found };
  return found;
}

/** A forked child holds copies of all ends that its parent has open. @param at monotonic ns of the fork */
export function inherit(model: SessionModel, image: Image, at: number): void {
  if (image.parent === null) return;
  for (const each of model.channels.usesOf(image.parent).values()) {
    // The child's journal may be found only after the parent's later opens and closes were applied.
    if (each.openedAt <= at && (each.open || each.closedAt > at)) {
      use(model, image, each.end, at).inherited = true;
      model.changes.channels.status(each.channel);
    }
  }
}

/** A process's ends are closed when it ends. */
export function touchUses(model: SessionModel, image: Image | null): void {
  if (image === null) return;
  for (const each of model.channels.usesOf(image).values()) model.changes.channels.status(each.channel);
}
