/** What the developer does to messages at a pause. */
import type { ChannelId, ProcessId, SourceLine } from './common';

/** What happens to the message of a stop when its process goes on. */
export type DeveloperIntent = 'replace' | 'drop' | 'duplicate' | 'delay';

/** Something that whoever debugs did to a message. */
export interface DeveloperAction {
  readonly processId: ProcessId;
  readonly channelId: ChannelId | null;
  readonly action: DeveloperIntent;
  /** put, send, get, recv */
  readonly operation: string;
  readonly atMs: number;
  readonly line: SourceLine | null;
  /** Of a delay; else 0. */
  readonly seconds: number;
}

/** An operation at which a debugger holds a process. */
export interface StopView {
  /** "Paused on put of tasks" */
  readonly text: string;
  /** put, send, get, recv, start, … */
  readonly operation: string;
  /** before: it has not happened yet; after: the message is here. */
  readonly phase: 'before' | 'after';
  readonly channelId: ChannelId | null;
  /** Short text of the message; null: there is none. */
  readonly message: string | null;
  readonly bytes: number | null;
  readonly intents: readonly DeveloperIntent[];
}
