/** Comments by which a line says that a finding there is known. */
import { mutedBy } from '../../protocol/source';

/** Whether this line of source mutes findings of this code. */
export function mutes(text: string, code: string): boolean {
  const codes = mutedBy(text);
  return codes === 'all' || codes?.has(code) === true;
}

/** Whether it does so for the line after it: the comment is all that stands there. */
export function mutesNext(text: string, code: string): boolean {
  return /^\s*#/.test(text) && mutes(text, code);
}
