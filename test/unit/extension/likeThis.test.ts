import { expect, test } from 'vitest';
import { likeThis } from '../../../extension/commands/likeThis';
import type { PayloadNode } from '../../../server/protocol/views';

const node = (type: string, text: string, children?: PayloadNode[], name = ''): PayloadNode => ({
  type,
  name,
  text,
  ...(children && { children }),
});

test('plain values are compared, others by their parts', () => {
  expect(likeThis(node('int', '3'))).toBe('message == 3');
  expect(likeThis(node('NoneType', 'None'))).toBe('message == None');
  expect(likeThis(node('dict', '{…}', [node('int', '1', undefined, "'a'"), node('int', '2', undefined, "'b'")]))).toBe(
    "isinstance(message, dict) and set(message) == {'a', 'b'}",
  );
  expect(likeThis(node('tuple', '(…)', [node('str', "'stop'", undefined, '0'), node('list', '[]', [], '1')]))).toBe(
    "isinstance(message, tuple) and len(message) == 2 and message[0] == 'stop'",
  );
  expect(likeThis(node('shop.orders.Order', '<Order>', []))).toBe("type(message).__name__ == 'Order'");
  expect(likeThis(node('str', `'${'x'.repeat(100)}…'`))).toBe("type(message).__name__ == 'str'");
});
