import type { JSX } from 'preact';
import type { TaskState } from '../../../../server/protocol/views';
import { t } from '../../strings';

const SHAPES: Readonly<Record<TaskState, string>> = {
  // a clock, a triangle, a tick, a cross, a ring with a bar, a broken ring with a question's dot
  waiting: 'M5.5,0 A5.5,5.5 0 1 1 -5.5,0 A5.5,5.5 0 1 1 5.5,0 M0,-3 V0.4 L2.2,2',
  running: 'M-3.4,-5 L5,0 L-3.4,5 Z',
  done: 'M-5,0.4 L-1.6,3.8 L5,-3.6',
  failed: 'M-4,-4 L4,4 M4,-4 L-4,4',
  cancelled: 'M5,0 A5,5 0 1 1 -5,0 A5,5 0 1 1 5,0 M-3.5,3.5 L3.5,-3.5',
  lost: 'M-2.4,-2.2 A2.6,2.6 0 1 1 0.9,0.3 Q0,0.9 0,2.2 M0,4.6 V5.4',
};

/** A shape and a color for the state of a task or a worker. */
export function TaskIcon({ state, label }: { state: TaskState; label: string }): JSX.Element {
  return (
    <svg class={`task ${state}`} width="14" height="14" viewBox="-7 -7 14 14" role="img" aria-label={label}>
      <path d={SHAPES[state]} />
    </svg>
  );
}

export function taskStateText(state: TaskState): string {
  switch (state) {
    case 'waiting':
      return t('waiting');
    case 'running':
      return t('running');
    case 'done':
      return t('done');
    case 'failed':
      return t('failed');
    case 'cancelled':
      return t('cancelled');
    case 'lost':
      return t('lost');
  }
}
