import type { JSX } from 'preact';
import type { PayloadNode } from '../../../server/protocol/views';

/** A payload's values, expandable level by level. */
export function PayloadTree({ node, depth = 0 }: { node: PayloadNode; depth?: number }): JSX.Element {
  const label = (
    <>
      {node.name !== '' && <span class="key">{`${node.name}: `}</span>}
      <span class={`value ${node.type}`}>{node.text}</span>
      <small class="type">{node.type}</small>
    </>
  );
  if (node.children === undefined) return <div class="leaf">{label}</div>;
  return (
    <details class="branch" open={depth < 1}>
      <summary>{label}</summary>
      <div role="group">
        {node.children.map((each, index) => (
          <PayloadTree key={`${index} ${each.name}`} node={each} depth={depth + 1} />
        ))}
      </div>
    </details>
  );
}
