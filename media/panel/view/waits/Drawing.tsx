import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { type SessionView, sessionTime } from '../../../../server/shared/sessionView';
import { bounded } from '../../state/bounds';
import type { Box, Size } from '../../state/geometry';
import { headOf, layOut, pathOf } from '../../state/layout';
import type { WaitDrawing, WaitNode, WaitPill } from '../../state/waits';
import { cut, nodeDetail, nodeName, pillSentence, pillTexts } from '../../state/waitText';
import { t } from '../../strings';
import { textWidth } from '../measure';
import type { Actions } from '../props';
import { Icon, type IconName, ProcessShape } from './shapes';

const NODE_HEIGHT = 42;
const PILL_HEIGHT = 36;
const SMALL = 0.88;
/** Text cannot be read below this scale: then the drawing scrolls. */
const SMALLEST = 0.7;

/**
 * The waits as a graph. Boxes are processes; between them is the operation that blocks one, with arrows to the
 * processes that could unblock it.
 */
export function Drawing({
  session,
  drawing: whole,
  actions,
  width,
  marked,
  onMark,
}: {
  session: SessionView;
  drawing: WaitDrawing;
  actions: Actions;
  /** Available width, in pixels. */
  width: number;
  marked: string | null;
  onMark(node: WaitNode): void;
}): JSX.Element {
  const { drawing, left } = bounded(whole);
  const now = sessionTime(session, Date.now());
  const sizes = new Map<string, Size>();
  for (const node of drawing.nodes) {
    const text = Math.max(textWidth(cut(nodeName(session, node))) * 1.06, textWidth(nodeDetail(session, node), SMALL));
    sizes.set(node.id, { width: round(text + 46 + (node.cycle ? 12 : 0)), height: NODE_HEIGHT });
  }
  for (const pill of drawing.pills) {
    const [what, facts] = pillTexts(pill, now);
    const text = Math.max(textWidth(what), textWidth(facts, SMALL));
    sizes.set(pill.id, { width: round(text + 48), height: PILL_HEIGHT });
  }
  const sizesKey = [...sizes.values()].map((each) => each.width).join();
  // sizesKey represents sizes
  const layout = useMemo(
    () => layOut(drawing, (id) => sizes.get(id) ?? { width: 120, height: NODE_HEIGHT }, Math.max(320, width)),
    [drawing, sizesKey, width],
  );
  const scale = Math.min(1, Math.max(SMALLEST, width / layout.width));
  const pills = new Map(drawing.pills.map((each) => [each.id, each]));
  const markedNode = drawing.nodes.find((each) => marked !== null && each.processes.includes(marked));
  const towards = new Set(drawing.arrows.filter((each) => each.to === markedNode?.id).map((each) => each.pill));
  const touches = (pill: string): boolean =>
    markedNode !== undefined && (pills.get(pill)?.node === markedNode.id || towards.has(pill));
  const picture = (
    <svg
      class={`waits${markedNode === undefined ? '' : ' marking'}`}
      role="group"
      aria-label={t('Wait graph; the list below has the same content')}
      width={Math.ceil(layout.width * scale)}
      height={Math.ceil(layout.height * scale)}
      viewBox={`0 0 ${Math.ceil(layout.width)} ${Math.ceil(layout.height)}`}
    >
      {layout.routes.map((route, index) => {
        const pill = pills.get(route.pill);
        const kind = `${route.cycle ? ' cycle' : ''}${pill?.real === false ? ' ends' : ''}${touches(route.pill) ? ' marked' : ''}`;
        return (
          <g key={index} class={`route${kind}`}>
            <path class="line" d={pathOf(route.points)} />
            {route.arrow !== null && <path class="head" d={headOf(route.points)} />}
          </g>
        );
      })}
      {drawing.pills.map((pill) => (
        <Pill
          key={pill.id}
          box={layout.boxes.get(pill.id)}
          pill={pill}
          texts={pillTexts(pill, now)}
          label={pillSentence(session, drawing, pill, now)}
          marked={touches(pill.id)}
          actions={actions}
        />
      ))}
      {drawing.nodes.map((node) => (
        <Process
          key={node.id}
          box={layout.boxes.get(node.id)}
          node={node}
          session={session}
          marked={node === markedNode}
          onMark={onMark}
        />
      ))}
    </svg>
  );
  if (left.processes + left.waits + left.arrows === 0) return picture;
  return (
    <>
      {picture}
      <p class="hint" role="status">
        {t(
          'Too much to draw: {0} processes, {1} waits and {2} arrows are left out.',
          left.processes,
          left.waits,
          left.arrows,
        )}
      </p>
    </>
  );
}

/** Widths change in steps, so that a ticking clock does not move everything. */
function round(width: number): number {
  return Math.ceil(width / 16) * 16;
}

function iconOf(node: WaitNode, session: SessionView): IconName {
  if (node.dead) return 'cross';
  const state = session.processStatus.get(node.id)?.state;
  return state === 'waiting' ? 'clock' : state === 'paused' ? 'pause' : 'play';
}

function Process({
  box,
  node,
  session,
  marked,
  onMark,
}: {
  box: Box | undefined;
  node: WaitNode;
  session: SessionView;
  marked: boolean;
  onMark(node: WaitNode): void;
}): JSX.Element | null {
  if (box === undefined) return null;
  const name = nodeName(session, node);
  const detail = nodeDetail(session, node);
  const left = -box.width / 2;
  const kinds = [node.cycle && 'cycle', node.dead && 'dead', node.stuck && 'stuck', marked && 'marked'].filter(Boolean);
  return (
    <g
      class={`process ${kinds.join(' ')}`}
      role="button"
      tabIndex={0}
      aria-pressed={marked}
      aria-label={[name, detail, ...(node.cycle ? [t('part of a deadlock cycle')] : [])].join(', ')}
      transform={`translate(${box.x} ${box.y})`}
      onClick={() => onMark(node)}
      onKeyDown={(event) => activate(event, () => onMark(node))}
    >
      <title>{t('Show {0} in the tree', name)}</title>
      <ProcessShape size={box} dead={node.dead} many={node.processes.length > 1} />
      <Icon name={iconOf(node, session)} x={left + 15} y={0} />
      <text class="name" x={left + 28} y={-4}>
        {cut(name)}
      </text>
      <text class="detail" x={left + 28} y={12}>
        {detail}
      </text>
      {node.cycle && <Icon name="circle" x={-left - 13} y={-8} />}
    </g>
  );
}

function Pill({
  box,
  pill,
  texts,
  label,
  marked,
  actions,
}: {
  box: Box | undefined;
  pill: WaitPill;
  texts: readonly [string, string];
  label: string;
  marked: boolean;
  actions: Actions;
}): JSX.Element | null {
  if (box === undefined) return null;
  const left = -box.width / 2;
  const open = () => pill.line !== null && actions.openLine(pill.line);
  const icon: IconName = pill.end === 'none' ? 'barred' : pill.cycle ? 'circle' : 'clock';
  const kinds = [
    pill.cycle && 'cycle',
    !pill.real && 'ends',
    pill.end === 'none' && 'unblockable',
    marked && 'marked',
    pill.line !== null && 'linked',
  ].filter(Boolean);
  return (
    <g
      class={`pill ${kinds.join(' ')}`}
      role={pill.line === null ? 'img' : 'button'}
      tabIndex={0}
      aria-label={label}
      transform={`translate(${box.x} ${box.y})`}
      onClick={open}
      onKeyDown={(event) => activate(event, open)}
    >
      <title>{pill.line === null ? label : `${label}\n${pill.line.file}:${pill.line.line}`}</title>
      <rect class="box" x={left} y={-box.height / 2} width={box.width} height={box.height} rx={box.height / 2} />
      <Icon name={icon} x={left + 17} y={0} />
      <text class="name" x={left + 30} y={-3}>
        {texts[0]}
      </text>
      <text class="detail" x={left + 30} y={12}>
        {texts[1]}
      </text>
    </g>
  );
}

function activate(event: KeyboardEvent, run: () => unknown): void {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  run();
}
