import type { Channel } from '../entities/channel';
import type { Image } from '../entities/process';
import { type RecordFields, str } from '../input/fields';

/** One end of a connection at its channel. */
export interface Place {
  readonly channel: Channel;
  /** 0: the end that was recorded first. */
  readonly side: number;
}

/** A recorded connection without any fact yet that identifies its other end. */
export interface Unplaced {
  readonly image: Image;
  readonly record: RecordFields;
  readonly at: number;
  /** When it was closed; -1 while it is open. */
  closedAt: number;
}

/** Maximum number of waiting ends: a hostile journal may name any number. */
const MAX_WAITING = 1_000_000;

/**
 * Matches the two ends of connections. Each end is identified by a fact that only its other end shares: the key of the peer socket as the kernel
 * names it, the two addresses of TCP, mirrored, or the first challenge of its authentication. A connection that shares none of these with another one
 * stays alone: its other end is unknown.
 */
export class Meetings {
  private readonly byPeer = new Map<string, Place>();
  private readonly byAddresses = new Map<string, { place: Place; at: number }[]>();
  private readonly byWord = new Map<string, Place>();
  private readonly unplaced = new Map<number, Unplaced>();

  /**
   * The place of this end, if its other end was recorded before.
   * @param keyed the end that has this key; @param at monotonic ns
   */
  find(record: RecordFields, keyed: (key: string) => Place | null, at: number): Place | null {
    return (
      other(this.byPeer.get(str(record, 'key'))) ??
      other(keyed(str(record, 'peer'))) ??
      this.findAddresses(record, at) ??
      this.findWord(str(record, 'word'))
    );
  }

  /** The other end of the connection whose authentication used this word. */
  findWord(word: string): Place | null {
    return other(this.byWord.get(word));
  }

  /** Lets the other end of this one find it. */
  await(place: Place, record: RecordFields, at: number): void {
    this.awaitWord(place, str(record, 'word'));
    const peer = str(record, 'peer');
    if (peer !== '' && this.byPeer.size < MAX_WAITING) this.byPeer.set(peer, place);
    const [local, remote] = [str(record, 'local'), str(record, 'remote')];
    if (local === '' || remote === '' || this.byAddresses.size >= MAX_WAITING) return;
    const name = `${local}>${remote}`;
    const waiting = this.byAddresses.get(name)?.filter((each) => !each.place.channel.whole) ?? [];
    waiting.push({ place, at });
    this.byAddresses.set(name, waiting);
  }

  awaitWord(place: Place, word: string): void {
    if (word !== '' && !this.byWord.has(word) && this.byWord.size < MAX_WAITING) this.byWord.set(word, place);
  }

  /** Whether nothing in this record identifies the other end, so that a challenge or a first message must. */
  static isBare(record: RecordFields): boolean {
    return str(record, 'kind') === 'socket' && !['peer', 'local', 'word'].some((name) => str(record, name) !== '');
  }

  putAside(gid: number, found: Unplaced): void {
    if (this.unplaced.size < MAX_WAITING) this.unplaced.set(gid, found);
  }
  closed(gid: number, at: number): void {
    const found = this.unplaced.get(gid);
    if (found !== undefined) found.closedAt = at;
  }
  takeBack(gid: number): Unplaced | undefined {
    const found = this.unplaced.get(gid);
    if (found !== undefined) this.unplaced.delete(gid);
    return found;
  }

  /** Addresses are reused: the other end is the one with the nearest time. */
  private findAddresses(record: RecordFields, at: number): Place | null {
    let best: { place: Place; at: number } | undefined;
    for (const each of this.byAddresses.get(`${str(record, 'remote')}>${str(record, 'local')}`) ?? []) {
      if (each.place.channel.whole) continue;
      if (best === undefined || Math.abs(each.at - at) < Math.abs(best.at - at)) best = each;
    }
    return other(best?.place);
  }
}

function other(place: Place | null | undefined): Place | null {
  return !place || place.channel.whole ? null : { channel: place.channel, side: place.side === 0 ? 1 : 0 };
}
