import type { UpdateParams } from '../../../server/protocol/stream';
import type { ChannelMeta, MessageRow, SessionId } from '../../../server/protocol/views';
import { applyDelta, type SessionView, type SessionViews } from '../../../server/shared/sessionView';
import { t } from '../strings';

/** Applies an update to the sessions. Returns the ids of channels whose depth may have changed, by session. */
export function applyUpdate(sessions: SessionViews, update: UpdateParams): Map<SessionId, readonly string[]> {
  const touched = new Map<SessionId, readonly string[]>();
  for (const id of update.closed) sessions.delete(id);
  for (const delta of update.sessions) {
    applyDelta(sessions, delta, Date.now());
    touched.set(
      delta.id,
      (delta.channelStatus ?? []).map((each) => each.id),
    );
  }
  return touched;
}

/** Queues and pipes created by the user's code, queues first, in order of creation. */
export function userChannels(session: SessionView, library = false): ChannelMeta[] {
  const all = [...session.channels.values()].filter((each) => library || each.owner === 'user');
  const rank = (each: ChannelMeta) => (each.kind === 'Pipe' || each.kind === 'Connection' ? 1 : 0);
  return all.sort((a, b) => rank(a) - rank(b));
}

/** Status text of a message without a known receive. */
export function unreceived(session: SessionView, { channelId }: Pick<MessageRow, 'channelId'>): string {
  return session.channelStatus.get(channelId)?.otherEnd === 'unknown' ? t('receiver unknown') : t('pending');
}
