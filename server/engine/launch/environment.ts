/** A program's environment as bytes: that of this process with changes. */
import { delimiter } from 'node:path';
import { environmentChanges, type RuntimeOptions } from '../session/folder';
import { bytesOf } from './bytes';
import type { Entry } from './entry';

/**
 * The environment in which a program records into the session folder. Values that are not UTF-8 are preserved.
 * @param without names of variables that were meant for this process only
 */
export function programEnvironment(
  entry: Entry,
  folder: string,
  options: RuntimeOptions,
  without: readonly string[] = [],
): Buffer[] {
  const given = new Map<string, Buffer>();
  const own =
    entry.environment ?? Object.entries(process.env).map(([name, value]) => bytesOf(`${name}=${value ?? ''}`));
  for (const setting of own) {
    const end = setting.indexOf(0x3d);
    if (end > 0) given.set(setting.toString('latin1', 0, end), setting);
  }
  for (const name of without) given.delete(name);
  const { path, set } = environmentChanges(folder, (name) => given.has(name), options);
  const before = given.get('PYTHONPATH')?.subarray('PYTHONPATH='.length);
  const rest = before === undefined || before.length === 0 ? [] : [Buffer.from(delimiter), before];
  given.set('PYTHONPATH', Buffer.concat([bytesOf(`PYTHONPATH=${path}`), ...rest]));
  for (const [name, value] of Object.entries(set)) given.set(name, bytesOf(`${name}=${value}`));
  return [...given.values()];
}
