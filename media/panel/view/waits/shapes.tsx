/** The shapes of the drawing. Every color is accompanied by a shape or a word with the same meaning. */
import type { JSX } from 'preact';
import type { Size } from '../../state/geometry';

/** 12 by 12 pixels around its position. */
export function Icon({ name, x, y }: { name: IconName; x: number; y: number }): JSX.Element {
  return (
    <path
      class={name === 'play' ? 'solid' : 'icon'}
      transform={`translate(${Math.round(x)} ${Math.round(y)})`}
      d={PATHS[name]}
    />
  );
}
export type IconName = 'clock' | 'play' | 'cross' | 'circle' | 'barred' | 'pause';
const RING = 'M5,0 A5,5 0 1 1 -5,0 A5,5 0 1 1 5,0';
const PATHS: Readonly<Record<IconName, string>> = {
  clock: `${RING} M0,-3 V0.3 L2.2,1.8`,
  play: 'M-3,-4.5 L4.5,0 L-3,4.5 Z',
  cross: 'M-4,-4 L4,4 M4,-4 L-4,4',
  pause: 'M-2,-4 V4 M2,-4 V4',
  // An arrow that returns to its start: a deadlock cycle.
  circle: 'M3.9,-3.1 A5,5 0 1 0 5,0.6 M4.6,-6 V-2.6 H1.2',
  barred: `${RING} M-3.5,3.5 L3.5,-3.5`,
};

/** A process: a box; an ended one: a box without corners; several: a pile. Its position is its center. */
export function ProcessShape({ size, dead, many }: { size: Size; dead: boolean; many: boolean }): JSX.Element {
  const { width, height } = size;
  const [x, y] = [-width / 2, -height / 2];
  if (dead) {
    const c = 9;
    return (
      <path
        class="box"
        d={`M${x + c},${y} H${-x - c} L${-x},${y + c} V${-y - c} L${-x - c},${-y} H${x + c} L${x},${-y - c} V${y + c} Z`}
      />
    );
  }
  return (
    <>
      {many && <rect class="box behind" x={x + 6} y={y + 6} width={width} height={height} rx={4} />}
      {many && <rect class="box behind" x={x + 3} y={y + 3} width={width} height={height} rx={4} />}
      <rect class="box" x={x} y={y} width={width} height={height} rx={4} />
    </>
  );
}
