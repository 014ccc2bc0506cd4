import { SERVANT_TARGETS } from '../../../protocol/libraries';
import { type Blocked, isMain } from '../entities/blocked';

/** Threads of libraries that act only on what others gave them to do. */
const SERVANTS = new RegExp(`^(${SERVANT_TARGETS.join('|')})`);

/** Whether a thread that runs this acts only on what others gave it to do. */
export function isServantTarget(target: string, name: string): boolean {
  return name === 'QueueFeederThread' || SERVANTS.test(target);
}
export function isServant(wait: Blocked): boolean {
  return !isMain(wait) && isServantTarget(wait.target, wait.thread);
}
