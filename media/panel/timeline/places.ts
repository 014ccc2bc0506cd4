/** Positions in the diagram: the row of a process, the ends of an arrow. */
import type { Arrow, Bundle } from '../../../server/protocol/timeline';
import type { ChannelId, ProcessId } from '../../../server/protocol/views';
import type { SessionView } from '../../../server/shared/sessionView';
import type { ArrowPlace } from './paint';
import type { Row } from './rows';
import { type Scale, toX } from './viewport';

/** Length of an arrow whose other end is not in the diagram, px. */
const STUB = 16;

/** The row of each process: a collapsed one has the row of its ancestor. */
export class Places {
  private readonly middles = new Map<string, number>();

  constructor(
    rows: readonly Row[],
    private readonly session: SessionView,
  ) {
    for (const row of rows)
      if (row.kind === 'lane' && !this.middles.has(row.id)) this.middles.set(row.id, row.top + row.height / 2);
  }

  /** Middle of its lane, px; null: it has none. */
  middle(id: ProcessId | null): number | null {
    const seen = new Set<ProcessId>();
    for (let each = id; each !== null && !seen.has(each); each = this.session.processes.get(each)?.parentId ?? null) {
      seen.add(each);
      const found = this.middles.get(each);
      if (found !== undefined) return found;
    }
    return null;
  }
}

/** A colour for each channel, by its index among all of them: the same in the diagram, the strips and the lists. */
export function channelColours(session: SessionView, palette: readonly string[]): ReadonlyMap<ChannelId, string> {
  const colours = new Map<ChannelId, string>();
  let next = 0;
  for (const { id, owner } of session.channels.values())
    colours.set(id, palette[owner === 'user' ? next++ % palette.length : palette.length - 1] ?? '');
  return colours;
}

/** null: neither end has a lane. */
export function arrowPlace(
  places: Places,
  scale: Scale,
  arrow: Arrow,
  nowMs: number,
  colour: string,
): ArrowPlace | null {
  const from = places.middle(arrow.from);
  const to = places.middle(arrow.to);
  const x0 = toX(scale, arrow.sentMs);
  const x1 = toX(scale, arrow.receivedMs ?? nowMs);
  if (from === null && to === null) return null;
  if (from === null) return { x0: x1 - STUB, y0: (to ?? 0) - STUB, x1, y1: to ?? 0, colour, received: true };
  if (to === null) return { x0, y0: from, x1: x0 + STUB, y1: from + STUB / 2, colour, received: false };
  return { x0, y0: from, x1, y1: to, colour, received: true };
}

/** null: one of the ends has no lane, or both have the same. */
export function bundlePlace(places: Places, scale: Scale, bundle: Bundle, colour: string): ArrowPlace | null {
  const from = places.middle(bundle.from);
  const to = places.middle(bundle.to);
  if (from === null || to === null || from === to) return null;
  const x0 = toX(scale, bundle.fromMs);
  const x1 = toX(scale, bundle.toMs);
  const inset = (x1 - x0) * 0.25;
  return { x0: x0 + inset, y0: from, x1: x1 - inset, y1: to, colour, received: true };
}
