/** Execution order, as far as the text alone determines it. */
import type { SyntaxNode } from './syntax';

const FUNCTIONS = ['function_definition', 'lambda'];
const LOOPS = ['for_statement', 'while_statement', 'for_in_clause'];
const COMPREHENSION = /_comprehension$|^generator_expression$/;

/** The statement that contains a node: a child of a block or of the module. */
export function statementOf(node: SyntaxNode): SyntaxNode {
  let at = node;
  while (at.parent !== null && at.parent.type !== 'block' && at.parent.type !== 'module') at = at.parent;
  return at;
}

/** The function whose body contains a node; null at module level (a class body runs there too). */
export function functionOf(node: SyntaxNode): SyntaxNode | null {
  return node.above(...FUNCTIONS);
}

/** `later` runs after `earlier`, and only if that ran: it is in a later statement of the same block. */
export function follows(earlier: SyntaxNode, later: SyntaxNode): boolean {
  const first = statementOf(earlier);
  for (let at: SyntaxNode | null = later; at !== null; at = at.parent) {
    if (at.parent === first.parent) return at.index > first.index && functionOf(at) === functionOf(later);
  }
  return false;
}

/** The innermost loop or comprehension around a node, within its function. */
export function loopOf(node: SyntaxNode): SyntaxNode | null {
  for (let up = node.parent; up !== null && !FUNCTIONS.includes(up.type); up = up.parent) {
    if (LOOPS.includes(up.type) || COMPREHENSION.test(up.type)) return up;
  }
  return null;
}

/** The text expects an exception here: assertRaises, pytest.raises, a try with a handler that could catch it. */
export function expectsException(node: SyntaxNode): boolean {
  for (let up: SyntaxNode | null = node; up !== null && !FUNCTIONS.includes(up.type); up = up.parent) {
    const { parent } = up;
    if (parent?.type === 'with_statement' && up.role === 'body') {
      if (/\b(assertRaises\w*|raises|suppress|assertWarns\w*)\b/.test(parent.children[0]?.text ?? '')) return true;
    }
    if (
      parent?.type === 'try_statement' &&
      up.role === 'body' &&
      parent.children.some((each) => each.type.startsWith('except'))
    )
      return true;
  }
  return false;
}

/** Runs only in the main module: below `if __name__ == '__main__'`. */
export function isGuarded(node: SyntaxNode): boolean {
  for (let up = node.parent; up !== null; up = up.parent) {
    if (/^(if_statement|elif_clause)$/.test(up.type)) {
      if (/__name__|TYPE_CHECKING|parent_process|current_process/.test(up.child('condition')?.text ?? '')) return true;
    }
  }
  return false;
}

/** Contained in text that the parser could not read: nothing is certain there. */
export function isBroken(node: SyntaxNode): boolean {
  return node.type === 'ERROR' || node.above('ERROR') !== null;
}
