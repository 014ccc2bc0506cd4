/** Words that the findings' sentences share. */
import { type Blocked, operationOf } from '../model/entities/blocked';
import type { Channel } from '../model/entities/channel';
import type { Process } from '../model/entities/process';
import { nameOfObject } from '../model/project/waits';

/** "worker-1 (pid 4711)" */
export function who(process: Process): string {
  return process.name === '' ? `pid ${process.pid}` : `${process.name} (pid ${process.pid})`;
}

/** "killed by SIGKILL", "ended with exit code 1" */
export function howItEnded(process: Process): string {
  if (process.signal !== null) return `killed by ${process.signal}`;
  return process.state === 'lost' || process.exitCode === null ? 'gone' : `ended with exit code ${process.exitCode}`;
}

export function quoted(channel: Channel | null, otherwise = 'the channel'): string {
  return channel === null || channel.name === '' ? otherwise : `'${channel.name}'`;
}

/** "get from 'tasks'", "join of worker-1" */
export function doing(wait: Blocked): string {
  const name = nameOfObject(wait);
  const what = name === '' ? '' : wait.joined === null && wait.pool === null && !wait.anyChild ? `'${name}'` : name;
  switch (operationOf(wait)) {
    case 'get':
    case 'recv':
      return `${operationOf(wait)} from ${what || 'a pipe'}`;
    case 'put':
    case 'send':
      return `${operationOf(wait)} into ${what || 'a pipe'}`;
    case 'join':
    case 'waitpid':
      return `${wait.operation} of ${what || 'a process'}`;
    case 'queue.join':
      return `join of the queue ${what}`;
    case 'acquire':
      return `acquire of ${what || 'a lock'}`;
    case 'wait':
      return `a wait for ${what || 'a signal'}`;
    case 'poll':
      return `poll of ${what || 'a pipe'}`;
    default:
      return wait.operation;
  }
}

/** "a, b and c" */
export function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

export function bytes(n: number): string {
  return n >= 2 ** 20 ? `${(n / 2 ** 20).toFixed(1)} MiB` : n >= 1024 ? `${(n / 1024).toFixed(1)} KiB` : `${n} bytes`;
}
