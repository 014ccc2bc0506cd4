import type { Payload as Recorded } from '../ingest/payload';
import type { SessionReader } from '../ingest/session-reader';
import type { SessionModel } from '../model/model';
import { type Payload, payloadText, payloadTree } from '../pickle/payload';
import type { ReportMessage } from '../protocol/report';
import type { MessagesResult } from '../protocol/stream';
import type { MessageDetail, MessageFilter, MessageRow } from '../protocol/views';

const MAX_LIMIT = 1000;
/** Messages looked at before other work gets its turn. */
const SLICE = 20_000;
const TEXT_SLICE = 1000;
const PREVIEWS = 4096;

/** A filter's answer so far: numbers of the messages that pass it, and where to go on. */
interface Filtered {
  readonly ids: number[];
  next: number;
}

/** Pages of a session's messages. Payloads are read from the journals and decoded when they are asked for. */
export class MessagePages {
  private readonly filtered = new Map<string, Filtered>();
  private readonly previews = new Map<number, string>();

  constructor(
    private readonly model: SessionModel,
    private readonly reader: SessionReader,
  ) {}

  /** @param offset row of the filtered list, oldest first; @param limit at most 1000 */
  async page(filter: MessageFilter, offset: number, limit: number): Promise<MessagesResult> {
    const wanted = Math.min(Math.max(0, limit), MAX_LIMIT);
    if (this.isAll(filter)) {
      const rows: MessageRow[] = [];
      for (let id = offset; id < Math.min(this.model.messages.count, offset + wanted); id++)
        rows.push(this.row(id) as MessageRow);
      return { rows, total: this.model.messages.count, complete: true };
    }
    const found = this.remembered(filter);
    const complete = this.extend(filter, found);
    const rows = found.ids.slice(offset, offset + wanted).map((id) => this.row(id) as MessageRow);
    return { rows, total: found.ids.length, complete };
  }

  row(id: number): MessageRow | null {
    const entry = this.model.messages.entry(id);
    const channel = entry === null ? undefined : this.model.channels.all[entry.channel];
    if (entry === null || channel === undefined) return null;
    const from = this.model.processes.images[entry.sendImage]?.process.id ?? '';
    const to = entry.recvImage < 0 ? null : (this.model.processes.images[entry.recvImage]?.process.id ?? null);
    return {
      id,
      channelId: channel.id,
      from,
      to,
      sentAtMs: this.ms(entry.sentAt),
      receivedAtMs: entry.receivedAt < 0 ? null : this.ms(entry.receivedAt),
      bytes: entry.size,
      payload: this.preview(id, entry.sendImage, entry.sendSeq),
    };
  }

  detail(id: number): MessageDetail | null {
    const row = this.row(id);
    const entry = this.model.messages.entry(id);
    if (row === null || entry === null) return null;
    const payload = this.reader.payload(entry.sendImage, entry.sendSeq);
    const received = entry.recvImage < 0 ? null : this.reader.payload(entry.recvImage, entry.recvSeq);
    const shown = showable(payload);
    const thread = (image: number, ident: number) =>
      this.model.processes.images[image]?.threads.get(ident) ?? `${ident}`;
    return {
      ...row,
      sendLine: this.model.locations.line(entry.sendLoc),
      receiveLine: this.model.locations.line(entry.recvLoc),
      putAtMs: entry.putDelta === null ? null : this.ms(entry.sentAt - entry.putDelta),
      tree: payloadTree(shown),
      recordedBytes: payload?.bytes.length ?? 0,
      hex: payload?.bytes.toString('hex') ?? '',
      encoding: shown.encoding,
      sendThread: payload === null ? '' : thread(entry.sendImage, payload.thread),
      receiveThread: received === null ? null : thread(entry.recvImage, received.thread),
    };
  }

  /** The message as `forkscope messages` prints it. */
  reported(id: number): ReportMessage | null {
    const row = this.row(id);
    const entry = this.model.messages.entry(id);
    if (row === null || entry === null) return null;
    const { channelId, ...rest } = row;
    return {
      ...rest,
      channel: channelId,
      sendLine: this.model.locations.line(entry.sendLoc),
      receiveLine: this.model.locations.line(entry.recvLoc),
    };
  }

  private isAll(filter: MessageFilter): boolean {
    const unfiltered = filter.channelId === undefined && filter.processId === undefined && !filter.text;
    return unfiltered && (filter.library === true || !this.model.channels.all.some((each) => each.owner === 'library'));
  }

  private remembered(filter: MessageFilter): Filtered {
    const key = JSON.stringify([
      filter.channelId ?? null,
      filter.processId ?? null,
      (filter.text ?? '').toLowerCase(),
      filter.library === true,
    ]);
    let found = this.filtered.get(key);
    if (found === undefined) {
      found = { ids: [], next: 0 };
      this.filtered.set(key, found);
      // Only the latest few filters are worth their memory.
      if (this.filtered.size > 4) this.filtered.delete(this.filtered.keys().next().value as string);
    }
    return found;
  }

  /** Looks at more messages; true when all there are have been looked at. */
  private extend(filter: MessageFilter, found: Filtered): boolean {
    const { channels, processes, messages } = this.model;
    const text = (filter.text ?? '').toLowerCase();
    const channel =
      filter.channelId === undefined ? -1 : channels.all.findIndex((each) => each.id === filter.channelId);
    if (filter.channelId !== undefined && channel < 0) return true;
    // A receiver becomes known later than the message: with a process filter, unreceived messages are looked at again.
    let firstOpen = -1;
    const end = messages.scan(found.next, text === '' ? SLICE : TEXT_SLICE, (id, number, sendImage, recvImage) => {
      if (channel >= 0 ? number !== channel : filter.library !== true && channels.all[number]?.owner === 'library')
        return;
      if (filter.processId !== undefined) {
        const from = processes.images[sendImage]?.process.id;
        const to = recvImage < 0 ? undefined : processes.images[recvImage]?.process.id;
        if (from !== filter.processId && to !== filter.processId) {
          if (recvImage < 0 && firstOpen < 0) firstOpen = id;
          return;
        }
      }
      if (firstOpen >= 0) return;
      if (text !== '' && !(this.row(id) as MessageRow).payload.toLowerCase().includes(text)) return;
      found.ids.push(id);
    });
    found.next = firstOpen >= 0 ? firstOpen : end;
    return firstOpen >= 0 || end >= messages.count;
  }

  private preview(id: number, image: number, seq: number): string {
    let shown = this.previews.get(id);
    if (shown === undefined) {
      const payload = this.reader.payload(image, seq);
      shown = payloadText(showable(payload));
      if (this.previews.size >= PREVIEWS) this.previews.clear();
      this.previews.set(id, shown);
    }
    return shown;
  }
  private ms(at: number): number {
    return Math.round((at - this.model.origin) / 1e3) / 1e3;
  }
}

/** What the decoder is asked: a payload that was recycled is told as gone. */
function showable(payload: Recorded | null): Payload {
  if (payload === null) return { bytes: new Uint8Array(0), size: 0, encoding: 'gone' };
  return { bytes: payload.bytes, size: payload.size, encoding: payload.raw ? 'raw' : 'pickle' };
}
