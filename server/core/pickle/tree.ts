import type { PayloadNode } from '../../protocol/views';
import type { Part } from './parts';
import { shapeOf } from './shape';
import { valueText } from './text';
import type { Value } from './values';

/** Bounds of one tree, independent of the payload: total nodes, members of a node, levels, characters of a text. */
const NODES = 2000;
const MEMBERS = 200;
const LEVELS = 24;
const LEAF_TEXT = 4000;
const INNER_TEXT = 120;
const NAME = 60;

/** A value as a tree for display. A value that contains itself is named but not expanded again. */
export function valueTree(value: Value): PayloadNode {
  return new Builder().node(value, '', 0);
}

class Builder {
  private nodes = 0;
  private readonly path = new Set<Value>();

  node(value: Value, name: string, level: number): PayloadNode {
    this.nodes += 1;
    const shape = shapeOf(value, MEMBERS, LEAF_TEXT);
    if (this.path.has(value)) return { type: shape.type, name, text: shape.cycle };
    // A shape that only wraps another value (protocol 2 bytes) is displayed as that value.
    const only = shape.parts[0];
    if (shape.open === '' && shape.close === '' && shape.parts.length === 1 && only !== undefined) {
      return this.node(only.value, name, level);
    }
    if (shape.parts.length === 0) return { type: shape.type, name, text: valueText(value, LEAF_TEXT) };
    const text = valueText(value, INNER_TEXT);
    if (level >= LEVELS || this.nodes >= NODES) return { type: shape.type, name, text };
    this.path.add(value);
    const children: PayloadNode[] = [];
    shape.parts.forEach((part, index) => {
      if (this.nodes < NODES) children.push(this.node(part.value, nameOf(part, index), level + 1));
    });
    this.path.delete(value);
    const left = shape.parts.length - children.length + shape.more;
    if (left > 0) children.push({ type: '…', name: '', text: `… (${left})` });
    if (shape.cut) children.push({ type: '…', name: '', text: '…' });
    return { type: shape.type, name, text, children };
  }
}

function nameOf(part: Part, index: number): string {
  if (part.name !== undefined) return part.name;
  return part.key === undefined ? String(index) : valueText(part.key, NAME);
}
