/** Comments that mute the findings at a line. */
import { mutedBy } from '../../protocol/source';

/** Whether this source line mutes findings of this code. */
export function mutes(text: string, code: string): boolean {
  const codes = mutedBy(text);
  return codes === 'all' || codes?.has(code) === true;
}

/** Whether this source line mutes findings at the next line: it contains only the comment. */
export function mutesNext(text: string, code: string): boolean {
  return /^\s*#/.test(text) && mutes(text, code);
}
