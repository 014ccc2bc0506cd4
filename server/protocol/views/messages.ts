/** The list of messages, and payloads. */
import type { ChannelId, ProcessId, SourceLine } from './common';
import type { DeveloperIntent } from './interventions';

/** One message of the list. Its id is its number in the session, in order of sending, from 0. */
export interface MessageRow {
  readonly id: number;
  readonly channelId: ChannelId;
  readonly from: ProcessId;
  /** null: not received (yet), or nobody knows by whom: see `ChannelStatus.otherEnd`. */
  readonly to: ProcessId | null;
  readonly sentAtMs: number;
  readonly receivedAtMs: number | null;
  readonly bytes: number;
  /** A short Python-literal-like text of the payload, made without running anything of it. */
  readonly payload: string;
  /** What whoever debugs did to it; absent: nothing. */
  readonly developer?: readonly DeveloperIntent[];
}

/** A node of a payload's display tree. */
export interface PayloadNode {
  /** Python type name: "dict", "int", "mypkg.Job", "…" for what was not recorded. */
  readonly type: string;
  /** Key, index or attribute name in its parent; "" for the root. */
  readonly name: string;
  /** Short text of the value. */
  readonly text: string;
  readonly children?: readonly PayloadNode[];
}

export interface MessageDetail extends MessageRow {
  readonly sendLine: SourceLine | null;
  readonly receiveLine: SourceLine | null;
  /** When the user's put returned; null where it is the same as the send (pipes, SimpleQueue). */
  readonly putAtMs: number | null;
  readonly tree: PayloadNode;
  /** Bytes of the payload that were recorded; less than `bytes` when only its head was. */
  readonly recordedBytes: number;
  readonly hex: string;
  /** pickle: decoded as data; raw: bytes sent with send_bytes; gone: recycled before it was asked for. */
  readonly encoding: 'pickle' | 'raw' | 'gone';
  readonly sendThread: string;
  readonly receiveThread: string | null;
}

export interface MessageFilter {
  readonly channelId?: ChannelId;
  /** Either side. */
  readonly processId?: ProcessId;
  /** Case-insensitive, in the payload preview. */
  readonly text?: string;
  /** Include the inner channels of pools, executors and managers. */
  readonly library?: boolean;
}
