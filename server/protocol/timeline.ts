/** What the timeline asks of the server and gets: pictures of spans of time, never more than the pixels can show. */
import type { ChannelId, ProcessId, Wait } from './views';

/** Most columns of one answer. */
export const MAX_COLUMNS = 8192;
/** Most lanes, and most depth strips, of one answer. */
export const MAX_LANES = 128;
/** Up to so many messages in sight are sent singly; more of them as bundles. */
export const MAX_ARROWS = 400;
/** Most bundles of one answer; the largest ones. */
export const MAX_BUNDLES = 300;

/** Times of an answer are columns: column `x` begins at `fromMs + x * columnMs`. */
export interface TimelineResult {
  readonly fromMs: number;
  /** A power of two of ns, so that only a zoom by two changes it. */
  readonly columnMs: number;
  readonly columns: number;
  /** The newest moment that is known: what goes on is drawn up to it. */
  readonly nowMs: number;
  readonly lanes: readonly LanePicture[];
  readonly depths: readonly DepthPicture[];
  readonly messages: MessagesPicture | null;
}

export interface LanePicture {
  readonly processId: ProcessId;
  /** Packed runs of equal columns; see `unpackRuns`. */
  readonly runs: string;
}

export interface DepthPicture {
  readonly channelId: ChannelId;
  /** Packed columns in which the depth changed; see `unpackDepths`. */
  readonly columns: string;
  /** Depth at the left edge. */
  readonly before: number;
  /** Greatest depth of the whole run: the strip's scale. */
  readonly most: number;
}

/** Either each message in sight, or how many there are between which lanes. */
export interface MessagesPicture {
  readonly arrows: readonly Arrow[];
  readonly bundles: readonly Bundle[];
  /** Messages in sight that neither list has. */
  readonly leftOut: number;
}

/** One message between two lanes. */
export interface Arrow {
  readonly messageId: number;
  readonly channelId: ChannelId;
  readonly from: ProcessId | null;
  readonly to: ProcessId | null;
  /** When it was put or sent, ms since the session's start. */
  readonly sentMs: number;
  /** null: not received. */
  readonly receivedMs: number | null;
}

/** Messages between two lanes over one channel that are too many to be drawn singly. */
export interface Bundle {
  readonly channelId: ChannelId;
  readonly from: ProcessId;
  readonly to: ProcessId;
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

/** Items of a channel that a moment's answer lists. */
export const MAX_ITEMS = 50;

/** What every process and channel was like at one moment of the run. */
export interface Moment {
  /** ms since the session's start. */
  readonly atMs: number;
  readonly processes: readonly ProcessMoment[];
  readonly channels: readonly ChannelMoment[];
}

export interface ProcessMoment {
  readonly processId: ProcessId;
  /** unknown: what it was doing then has been recycled. */
  readonly state: 'unborn' | 'running' | 'waiting' | 'ended' | 'unknown';
  /** What its main thread was in; null unless it was waiting. */
  readonly wait: Wait | null;
  /** Of a wait: when it was over, ms since the session's start; null: it still goes on, or went on to its process's end. */
  readonly untilMs: number | null;
}

export interface ChannelMoment {
  readonly channelId: ChannelId;
  /** Messages that were put or sent, and not received. */
  readonly depth: number;
  /** Numbers of the oldest of them, at most `MAX_ITEMS`. */
  readonly items: readonly number[];
}
