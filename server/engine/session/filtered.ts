import type { SessionModel } from '../../core/model/state/sessionModel';
import type { MessageFilter } from '../../protocol/views';

/** Messages scanned between two checks of the clock; decoding a payload is expensive. */
const STEP = 4096;
const TEXT_STEP = 64;
/** Maximum time of one call, ms, so that other work gets its turn. */
const BUDGET = 15;
/** Maximum number of unreceived messages kept for a second check. */
const REMEMBERED = 100_000;

/** The numbers of the messages that pass one filter, found in slices as they arrive. */
export class Filtered {
  /** Four bytes each: there may be millions. */
  private ids = new Uint32Array(1024);
  private count = 0;
  private next = 0;
  /** Rejected by sender only; re-checked when the receiver is known. */
  private waiting: number[] = [];

  /**
   * @param filter with its text in lower case
   * @param preview a message's short text
   */
  constructor(
    private readonly model: SessionModel,
    private readonly filter: MessageFilter & { readonly text: string },
    private readonly preview: (id: number) => string,
  ) {}

  get length(): number {
    return this.count;
  }
  slice(from: number, to: number): Iterable<number> {
    return this.ids.subarray(Math.min(from, this.count), Math.min(to, this.count));
  }

  /** Scans more messages for a limited time; true if all have been scanned. */
  extend(): boolean {
    const { channels, messages } = this.model;
    const { channelId, text } = this.filter;
    const channel = channelId === undefined ? -1 : channels.all.findIndex((each) => each.id === channelId);
    if (channelId !== undefined && channel < 0) return true;
    const begun = performance.now();
    this.lookAgain();
    while (this.next < messages.count) {
      if (performance.now() - begun > BUDGET) return false;
      const found: number[] = [];
      this.next = messages.scan(this.next, text === '' ? STEP : TEXT_STEP, (id, number, sender, receiver) => {
        if (channel >= 0 ? number !== channel : this.hidden(number)) return;
        if (this.concerns(sender) || this.concerns(receiver)) found.push(id);
        else if (receiver < 0 && this.waiting.length < REMEMBERED) this.waiting.push(id);
      });
      for (const id of found) if (this.hasText(id)) this.insert(id);
    }
    return true;
  }

  private lookAgain(): void {
    if (this.waiting.length === 0) return;
    const still: number[] = [];
    for (const id of this.waiting) {
      const receiver = this.model.messages.entry(id)?.recvImage ?? -1;
      if (receiver < 0) still.push(id);
      else if (this.concerns(receiver) && this.hasText(id)) this.insert(id);
    }
    this.waiting = still;
  }

  /** In order of sending: nearly always at the end. */
  private insert(id: number): void {
    if (this.count === this.ids.length) {
      const larger = new Uint32Array(this.count * 2);
      larger.set(this.ids);
      this.ids = larger;
    }
    let at = this.count;
    while (at > 0 && (this.ids[at - 1] as number) > id) at--;
    this.ids.copyWithin(at + 1, at, this.count);
    this.ids[at] = id;
    this.count += 1;
  }

  private hidden(channel: number): boolean {
    return this.filter.library !== true && this.model.channels.all[channel]?.owner === 'library';
  }
  private concerns(image: number): boolean {
    const { processId } = this.filter;
    return processId === undefined || (image >= 0 && this.model.processes.images[image]?.process.id === processId);
  }
  private hasText(id: number): boolean {
    return this.filter.text === '' || this.preview(id).toLowerCase().includes(this.filter.text);
  }
}
