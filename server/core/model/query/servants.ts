import { SERVANT_TARGETS } from '../../../protocol/libraries';
import { type Blocked, isMain } from '../entities/blocked';

/** Library threads that act only on requests of other threads. */
const SERVANTS = new RegExp(`^(${SERVANT_TARGETS.join('|')})`);

/** Whether a thread with this target acts only on requests of other threads. */
export function isServantTarget(target: string, name: string): boolean {
  return name === 'QueueFeederThread' || SERVANTS.test(target);
}
export function isServant(wait: Blocked): boolean {
  return !isMain(wait) && isServantTarget(wait.target, wait.thread);
}
