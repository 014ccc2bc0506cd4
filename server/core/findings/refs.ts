/** References to model entities in the params of findings. */
import type { ChannelRef, EndedRef, ProcessRef } from '../../protocol/findingParams';
import type { Channel } from '../model/entities/channel';
import type { Process } from '../model/entities/process';

export function processRef({ id, name, pid }: Process): ProcessRef {
  return { id, name, pid };
}

export function processRefs(processes: readonly Process[]): ProcessRef[] {
  return processes.map(processRef);
}

/** @param process an ended process */
export function endedRef(process: Process): EndedRef {
  const { signal, exitCode, state } = process;
  return { ...processRef(process), signal, exitCode: state === 'lost' ? null : exitCode };
}

export function channelRef({ id, name, isQueue, kind }: Channel): ChannelRef {
  return { id, name, queue: isQueue || kind === 'SimpleQueue' };
}
