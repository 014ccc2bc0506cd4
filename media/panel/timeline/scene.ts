/** Draws the diagram except for its cursor. */
import type { TimelineResult } from '../../../server/protocol/timeline';
import { unpackDepths, unpackRuns } from '../../../server/shared/packed';
import { isFailed } from '../../../server/shared/processes';
import type { SessionView } from '../../../server/shared/sessionView';
import { type Canvas, paintArrow, paintBundle, paintGrid, paintLane, paintStrip } from './paint';
import { arrowPlace, bundlePlace, channelColours, Places } from './places';
import type { Row } from './rows';
import type { Theme } from './theme';
import { ticks } from './ticks';
import { type Scale, toX } from './viewport';

/** Minimum distance between two marks of the axis, px. */
export const TICK_ROOM = 90;

export interface Scene {
  readonly theme: Theme;
  readonly session: SessionView;
  readonly scale: Scale;
  readonly width: number;
  /** All rows, and the visible ones. */
  readonly rows: readonly Row[];
  readonly shown: readonly Row[];
  readonly height: number;
  readonly answer: TimelineResult | null;
  readonly selectedMessage: number | null;
}

export function paintScene(ctx: Canvas, scene: Scene): void {
  const { theme, scale, width, answer, session } = scene;
  paintGrid(ctx, theme, scale, ticks(scale.view, width, TICK_ROOM), scene.height);
  if (answer === null) return;
  const lanes = new Map(answer.lanes.map((each) => [each.processId, each]));
  const depths = new Map(answer.depths.map((each) => [each.channelId, each]));
  const colours = channelColours(session, theme.channels);
  for (const row of scene.shown) {
    if (row.kind === 'lane') {
      const lane = lanes.get(row.id);
      if (lane !== undefined) paintLane(ctx, theme, scale, answer, row, unpackRuns(lane.runs));
      paintEnd(ctx, scene, row);
    } else if (row.kind === 'strip') {
      const depth = depths.get(row.id);
      if (depth !== undefined)
        paintStrip(ctx, theme, scale, answer, row, {
          columns: unpackDepths(depth.columns),
          before: depth.before,
          most: depth.most,
          capacity: session.channels.get(row.id)?.capacity ?? 0,
          colour: colours.get(row.id) ?? theme.foreground,
          nowMs: answer.nowMs,
        });
    }
  }
  const places = new Places(scene.rows, session);
  paintStarts(ctx, scene, places);
  for (const arrow of answer.messages?.arrows ?? []) {
    const place = arrowPlace(places, scale, arrow, answer.nowMs, colours.get(arrow.channelId) ?? theme.foreground);
    const chosen = arrow.messageId === scene.selectedMessage;
    if (place !== null) paintArrow(ctx, place, chosen ? 2.5 : 1, chosen ? 1 : 0.6);
  }
  for (const bundle of answer.messages?.bundles ?? []) {
    const place = bundlePlace(places, scale, bundle, colours.get(bundle.channelId) ?? theme.foreground);
    if (place !== null) paintBundle(ctx, theme, place, bundle.count);
  }
}

/** From the parent's lane to the start of the child's. */
function paintStarts(ctx: Canvas, { theme, session, scale, shown, width }: Scene, places: Places): void {
  ctx.strokeStyle = theme.faint;
  ctx.fillStyle = theme.faint;
  ctx.lineWidth = 1;
  for (const row of shown) {
    if (row.kind !== 'lane') continue;
    const meta = session.processes.get(row.id);
    const parent = places.middle(meta?.parentId ?? null);
    if (meta === undefined || parent === null) continue;
    const x = toX(scale, meta.startedAtMs);
    const y = row.top + row.height / 2;
    if (x < -20 || x > width + 20 || parent === y) continue;
    ctx.beginPath();
    ctx.moveTo(x - 5, parent);
    ctx.lineTo(x - 5, y - 5);
    ctx.bezierCurveTo(x - 5, y - 2, x - 3, y, x, y);
    ctx.stroke();
    ctx.fillRect(x - 7, parent - 2, 4, 4);
  }
}

/** The exit: a small mark, red for a failure. */
function paintEnd(ctx: Canvas, { theme, session, scale }: Scene, row: Row): void {
  const status = session.processStatus.get(row.id);
  if (status?.endedAtMs == null) return;
  const x = toX(scale, status.endedAtMs) + 3;
  const y = row.top + row.height / 2;
  const failed = isFailed(status);
  ctx.strokeStyle = failed ? theme.error : theme.faint;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  if (failed) {
    ctx.moveTo(x, y - 3);
    ctx.lineTo(x + 6, y + 3);
    ctx.moveTo(x + 6, y - 3);
    ctx.lineTo(x, y + 3);
  } else {
    ctx.moveTo(x, y);
    ctx.lineTo(x + 2.5, y + 3);
    ctx.lineTo(x + 7, y - 3);
  }
  ctx.stroke();
}
