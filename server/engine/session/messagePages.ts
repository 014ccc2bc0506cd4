import { type MessageEntry, payloadPlace } from '../../core/model/entities/messageIndex';
import { intentsOf } from '../../core/model/state/interventions';
import type { SessionModel } from '../../core/model/state/sessionModel';
import { type Payload, payloadText, payloadTree } from '../../core/pickle/payload';
import type { ReportMessage } from '../../protocol/report';
import type { MessagesResult } from '../../protocol/stream';
import type { MessageDetail, MessageFilter, MessageRow } from '../../protocol/views';
import type { SessionReader } from '../journal/sessionReader';
import { Filtered } from './filtered';

const MAX_LIMIT = 1000;
const PREVIEWS = 4096;
/** Only the latest few filters are worth their memory. */
const FILTERS = 3;

/** Pages of a session's messages. Payloads are read from the journals and decoded when they are asked for. */
export class MessagePages {
  private readonly filtered = new Map<string, Filtered>();
  private readonly previews = new Map<number, string>();

  constructor(
    private readonly model: SessionModel,
    private readonly reader: SessionReader,
  ) {}

  /** @param offset row of the filtered list, oldest first; negative: from its end; @param limit at most 1000 */
  async page(filter: MessageFilter, offset: number, limit: number): Promise<MessagesResult> {
    const span = (total: number): [from: number, to: number] => {
      const from = Math.max(0, offset < 0 ? total + offset : offset);
      return [from, Math.min(total, from + Math.min(Math.max(0, limit), MAX_LIMIT))];
    };
    const rows: MessageRow[] = [];
    const add = (id: number) => {
      const row = this.row(id);
      if (row !== null) rows.push(row);
    };
    if (this.isAll(filter)) {
      const total = this.model.messages.count;
      const [from, to] = span(total);
      for (let id = from; id < to; id++) add(id);
      return { rows, offset: from, total, complete: true };
    }
    const found = this.remembered(filter);
    const complete = found.extend();
    const [from, to] = span(found.length);
    for (const id of found.slice(from, to)) add(id);
    return { rows, offset: from, total: found.length, complete };
  }

  row(id: number): MessageRow | null {
    const entry = this.model.messages.entry(id);
    const channel = entry === null ? undefined : this.model.channels.all[entry.channel];
    if (entry === null || channel === undefined) return null;
    const changes = entry.changes | this.model.interventions.receivedAs(entry.recvImage, entry.recvSeq);
    return {
      id,
      channelId: channel.id,
      from: this.processOf(entry.sendImage) ?? '',
      to: this.processOf(entry.recvImage),
      sentAtMs: this.ms(entry.sentAt < 0 ? entry.receivedAt : entry.sentAt),
      receivedAtMs: entry.receivedAt < 0 ? null : this.ms(entry.receivedAt),
      bytes: entry.size,
      payload: this.preview(entry),
      ...(changes !== 0 && { developer: intentsOf(changes) }),
    };
  }

  detail(id: number): MessageDetail | null {
    const row = this.row(id);
    const entry = this.model.messages.entry(id);
    if (row === null || entry === null) return null;
    const { payload, thread } = this.payload(entry);
    const received = entry.recvImage < 0 ? null : this.reader.payload(entry.recvImage, entry.recvSeq);
    return {
      ...row,
      sendLine: this.model.locations.line(entry.sendLoc),
      receiveLine: this.model.locations.line(entry.recvLoc),
      putAtMs: entry.putDelta === null ? null : this.ms(entry.sentAt - entry.putDelta),
      tree: payloadTree(payload),
      recordedBytes: payload.bytes.length,
      hex: Buffer.from(payload.bytes).toString('hex'),
      encoding: payload.encoding,
      sendThread: thread === null ? '' : this.threadName(entry.sendImage, thread),
      receiveThread: received === null ? null : this.threadName(entry.recvImage, received.thread),
    };
  }

  /** The message as `forkscope messages` prints it. */
  reported(id: number): ReportMessage | null {
    const row = this.row(id);
    const entry = this.model.messages.entry(id);
    if (row === null || entry === null) return null;
    const { channelId, ...rest } = row;
    return {
      id: rest.id,
      channel: channelId,
      from: entry.sendImage < 0 ? null : rest.from,
      to: rest.to,
      sentAtMs: entry.sendImage < 0 ? null : rest.sentAtMs,
      receivedAtMs: rest.receivedAtMs,
      bytes: rest.bytes,
      payload: rest.payload,
      sendLine: this.model.locations.line(entry.sendLoc),
      receiveLine: this.model.locations.line(entry.recvLoc),
    };
  }

  private isAll(filter: MessageFilter): boolean {
    const unfiltered = filter.channelId === undefined && filter.processId === undefined && !filter.text;
    return unfiltered && (filter.library === true || !this.model.channels.all.some((each) => each.owner === 'library'));
  }

  private remembered(filter: MessageFilter): Filtered {
    const { channelId, processId, library = false } = filter;
    const text = (filter.text ?? '').toLowerCase();
    const key = JSON.stringify([channelId ?? null, processId ?? null, text, library]);
    const known = this.filtered.get(key);
    if (known !== undefined) return known;
    const preview = (id: number) => {
      const entry = this.model.messages.entry(id);
      return entry === null ? '' : this.preview(entry);
    };
    const made = new Filtered(this.model, { ...filter, text, library }, preview);
    this.filtered.set(key, made);
    if (this.filtered.size > FILTERS) this.filtered.delete(this.filtered.keys().next().value as string);
    return made;
  }

  private payload(entry: MessageEntry): { payload: Payload; thread: number | null } {
    const read = this.reader.payload(...payloadPlace(entry));
    if (read === null)
      return { payload: { bytes: new Uint8Array(), size: entry.size, encoding: 'gone' }, thread: null };
    const { bytes, size, raw, thread } = read;
    return { payload: { bytes, size, encoding: raw ? 'raw' : 'pickle' }, thread: entry.sendSeq < 0 ? null : thread };
  }

  private preview(entry: MessageEntry): string {
    let shown = this.previews.get(entry.id);
    if (shown === undefined) {
      shown = payloadText(this.payload(entry).payload);
      if (this.previews.size >= PREVIEWS) this.previews.clear();
      this.previews.set(entry.id, shown);
    }
    return shown;
  }

  private processOf(image: number): string | null {
    return image < 0 ? null : (this.model.processes.images[image]?.process.id ?? null);
  }
  private threadName(image: number, ident: number): string {
    return this.model.processes.images[image]?.threads.get(ident)?.name ?? `${ident}`;
  }
  private ms(at: number): number {
    return Math.round((at - this.model.origin) / 1e3) / 1e3;
  }
}
