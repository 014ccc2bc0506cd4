/** Source lines as evidence of findings. */

import { type Blocked, callOf } from '../model/entities/blocked';
import type { Channel } from '../model/entities/channel';
import type { Pool } from '../model/entities/pool';
import type { Process } from '../model/entities/process';
import { channelRef, processRef } from './refs';
import type { Evidence } from './types';

/** @param line where the process is blocked, if the wait itself names no line */
export function blockedHere(wait: Blocked, line = wait.line): Evidence {
  const { process } = wait;
  return { line, caption: { kind: 'blocked', process: processRef(process), call: callOf(wait) }, process };
}

export function channelCreated(channel: Channel): Evidence {
  return {
    line: channel.line,
    caption: { kind: 'channel created', channel: channelRef(channel) },
    process: channel.createdBy,
  };
}

export function poolCreated({ line, name, process }: Pool): Evidence {
  return { line, caption: { kind: 'pool created', pool: name }, process };
}

/** @param parent the process that started it */
export function startedHere(process: Process, parent: Process | null = process.parent): Evidence {
  return { line: process.line, caption: { kind: 'process started', process: processRef(process) }, process: parent };
}

/** What a process does at a line; the caption needs only the process's name. */
export function doesHere(
  kind: 'puts' | 'gets' | 'sends' | 'forks' | 'imports main' | 'died with lock' | 'died in get',
  process: Process,
  line: number,
): Evidence {
  return { line, caption: { kind, process: processRef(process) }, process };
}
