/** What the views of a session show of a paused process. */
import type { ChannelKeys, PausedAt, SessionHandle } from '../../engine/session/types';
import type { DeveloperIntent } from '../../protocol/views';
import { messageText } from './messageText';
import type { PausedThread, PauseInfo } from './pausedThread';
import { pauseText } from './pauseText';

type Channels = Pick<SessionHandle, 'channelOf'>;

/** The channel of an operation; null: none is known. */
export function channelOf(session: Channels, { keys }: PauseInfo): ChannelKeys | null {
  for (const key of keys) {
    const channel = session.channelOf(key);
    if (channel !== null) return channel;
  }
  return null;
}

export function pausedAt(session: Channels, { info, edited, intent }: PausedThread): PausedAt {
  const top = info.frames.find((each) => !each.subtle);
  const channel = channelOf(session, info);
  const intents: [DeveloperIntent, boolean][] = [
    ['replace', edited !== null],
    ['drop', intent.drop === true],
    ['duplicate', intent.twice === true],
    ['delay', (intent.delay ?? 0) > 0],
  ];
  return {
    line: top ? { file: top.file, line: top.line, function: top.name } : null,
    stop: {
      text: pauseText(info, info.name || (channel?.name ?? '')),
      operation: info.op,
      phase: info.phase,
      channelId: channel?.id ?? null,
      message: edited?.text ?? messageText(info.message),
      bytes: info.message?.size ?? null,
      intents: intents.filter(([, wanted]) => wanted).map(([intent]) => intent),
    },
  };
}
