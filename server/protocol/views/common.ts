/** Ids, source lines and what several views share. */

export type SessionId = string;

export type ProcessId = string;

export type ChannelId = string;

export type PoolId = string;

/** A place in the user's code. `line` counts from 1; `function` is the qualified name where Python has one. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
  readonly function: string;
}

export type Owner = 'user' | 'library';
