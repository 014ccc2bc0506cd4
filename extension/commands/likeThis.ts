/** A Python condition that is true of messages like one. Pure. */
import type { PayloadNode } from '../../server/protocol/views';

const PLAIN = ['int', 'float', 'bool', 'NoneType', 'str', 'bytes'];
const LONGEST = 60;

/** Equal where the value is plain and short; else of the same type, with the same keys, or length and first item. */
export function likeThis(tree: PayloadNode): string {
  const children = tree.children ?? [];
  if (isPlain(tree)) return `message == ${tree.text}`;
  if (tree.type === 'dict' && children.length > 0 && children.every((each) => isWhole(each.name))) {
    return `isinstance(message, dict) and set(message) == {${children.map((each) => each.name).join(', ')}}`;
  }
  if ((tree.type === 'tuple' || tree.type === 'list') && children[0] !== undefined) {
    const first = isPlain(children[0]) ? ` and message[0] == ${children[0].text}` : '';
    return `isinstance(message, ${tree.type}) and len(message) == ${children.length}${first}`;
  }
  return `type(message).__name__ == '${tree.type.split('.').at(-1) ?? tree.type}'`;
}

function isPlain({ type, text, children }: PayloadNode): boolean {
  return PLAIN.includes(type) && children === undefined && isWhole(text);
}

function isWhole(text: string): boolean {
  return text.length <= LONGEST && !text.includes('…');
}
