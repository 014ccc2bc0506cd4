/** The head of a log: its identification, what it contains and omits, and the versions that wrote it. */
import { release } from 'node:os';
import { plain } from '../../protocol/plain';
import { VERSION } from '../../protocol/version';
import { LOG_MARK } from '../files/ours';

export function headLines(role: string): string[] {
  const { versions, platform, arch, pid, ppid, execPath } = process;
  const electron = versions['electron'] === undefined ? '' : `, Electron ${versions['electron']}`;
  return [
    `${LOG_MARK}1`,
    'It holds: versions, settings of Forkscope, paths, names of processes, variables and functions, pids, and what was decided when.',
    'It does not hold: contents of messages and variables, output of the program, its arguments, conditions, values of environment variables,',
    'secret words and tokens, source text. Where such a text would be, its length is.',
    `Forkscope ${VERSION}, ${role}, pid ${pid} (started by ${ppid})`,
    `Node ${versions.node}${electron}, ${execPath}`,
    `${platform} ${release()} ${arch}`,
    '',
  ].map(plain);
}
