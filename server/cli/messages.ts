import { once } from 'node:events';
import { plain, plainJson } from '../protocol/plain';
import { openRecording } from './open';

/** `forkscope messages`: streams its output, so that memory does not grow with the number of messages. */
export async function listMessages(
  path: string,
  options: { channel?: string; limit?: number; json?: boolean },
): Promise<void> {
  const session = await openRecording(path);
  try {
    const { model, pages } = session;
    const { channel } = options;
    const wanted =
      channel === undefined ? null : model.channels.all.filter((each) => each.id === channel || each.name === channel);
    if (wanted !== null && wanted.length === 0) {
      const known = model.channels.all.map((each) => `${each.id} (${each.name})`).join(', ') || 'none';
      throw new Error(`There is no channel ${channel} in ${path}. There are: ${known}.`);
    }
    const ids = wanted === null ? null : new Set(wanted.map((each) => each.id));
    let left = options.limit ?? Number.POSITIVE_INFINITY;
    for (let id = 0; id < model.messages.count && left > 0; id++) {
      const message = pages.reported(id);
      if (message === null || (ids !== null && !ids.has(message.channel))) continue;
      left--;
      const names = (process: string | null) => model.processes.byId.get(process ?? '')?.name ?? '—';
      const name = model.channels.all.find((each) => each.id === message.channel)?.name ?? message.channel;
      const line =
        options.json === true
          ? plainJson(message)
          : plain(
              `${(message.sentAtMs ?? message.receivedAtMs ?? 0).toFixed(3).padStart(12)} ms  ${name}  ${names(message.from)} → ${names(message.to)}  ${message.bytes} B  ${message.payload}`,
            );
      if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
    }
  } finally {
    session.dispose(false);
  }
}
