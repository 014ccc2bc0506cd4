/**
 * A Python syntax tree as plain objects: one walk over the parser's memory, and no calls into the parser afterwards.
 */
import type { Tree, TreeCursor } from 'web-tree-sitter';

export class SyntaxNode {
  readonly children: SyntaxNode[] = [];

  constructor(
    readonly type: string,
    readonly start: number,
    readonly end: number,
    readonly parent: SyntaxNode | null,
    /** Its role in the parent: "function", "arguments", "left", … */
    readonly role: string | null,
    /** Its position among the parent's children. */
    readonly index: number,
    private readonly source: string,
  ) {}

  get text(): string {
    return this.source.slice(this.start, this.end);
  }

  child(role: string): SyntaxNode | null {
    for (const each of this.children) if (each.role === role) return each;
    return null;
  }

  /** Itself and all descendants, in preorder. */
  *walk(): Generator<SyntaxNode> {
    yield this;
    for (const each of this.children) yield* each.walk();
  }

  /** Its nearest ancestor of one of these types. */
  above(...types: string[]): SyntaxNode | null {
    for (let up = this.parent; up !== null; up = up.parent) if (types.includes(up.type)) return up;
    return null;
  }

  contains(other: SyntaxNode): boolean {
    return this.start <= other.start && other.end <= this.end;
  }
}

export interface Syntax {
  readonly root: SyntaxNode;
  readonly comments: readonly SyntaxNode[];
}

/** Deeper nesting than handwritten code; anything deeper is omitted, which protects the call stack. */
const MAX_DEPTH = 400;

/** The tree's named nodes. Comments are separate, since they may appear anywhere. */
export function readTree(tree: Tree, source: string): Syntax {
  const comments: SyntaxNode[] = [];
  const cursor = tree.walk();
  try {
    const root = new SyntaxNode(cursor.nodeType, cursor.startIndex, cursor.endIndex, null, null, 0, source);
    readChildren(cursor, root, comments, source, 0);
    return { root, comments };
  } finally {
    cursor.delete();
  }
}

function readChildren(
  cursor: TreeCursor,
  parent: SyntaxNode,
  comments: SyntaxNode[],
  source: string,
  depth: number,
): void {
  if (depth > MAX_DEPTH || !cursor.gotoFirstChild()) return;
  do {
    if (!cursor.nodeIsNamed) continue;
    const type = cursor.nodeType;
    const role = cursor.currentFieldName;
    const into = type === 'comment' ? comments : parent.children;
    const node = new SyntaxNode(type, cursor.startIndex, cursor.endIndex, parent, role, into.length, source);
    into.push(node);
    readChildren(cursor, node, comments, source, depth + 1);
  } while (cursor.gotoNextSibling());
  cursor.gotoParent();
}
