import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Series } from '../state/series';

const HEIGHT = 44;

function color(name: string, fallback: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || fallback;
}

function options(width: number, capacity: number): uPlot.Options {
  const line = color('--vscode-charts-blue', '#3794ff');
  const limit = color('--vscode-charts-red', '#f14c4c');
  return {
    width,
    height: HEIGHT,
    padding: [4, 2, 2, 2],
    legend: { show: false },
    cursor: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: { x: { time: false }, y: { range: (_, __, max) => [0, Math.max(1, capacity, max) * 1.05] } },
    series: [
      {},
      {
        stroke: line,
        fill: `color-mix(in srgb, ${line} 20%, transparent)`,
        width: 1.5,
        points: { show: false },
        paths: uPlot.paths.stepped?.({ align: 1 }) as uPlot.Series.PathBuilder,
      },
    ],
    hooks: {
      draw: [
        (plot) => {
          if (capacity <= 0) return;
          const y = plot.valToPos(capacity, 'y', true);
          const { ctx, bbox } = plot;
          ctx.save();
          ctx.strokeStyle = limit;
          ctx.setLineDash([4, 4]);
          ctx.beginPath();
          ctx.moveTo(bbox.left, y);
          ctx.lineTo(bbox.left + bbox.width, y);
          ctx.stroke();
          ctx.restore();
        },
      ],
    },
  };
}

/** A queue's depth over time; the dashed line is its capacity. Redrawn when the theme or the width changes. */
export function DepthChart({
  series,
  capacity,
  label,
}: {
  series: Series | null;
  capacity: number;
  label: string;
}): JSX.Element {
  const place = useRef<HTMLSpanElement>(null);
  const plot = useRef<uPlot | null>(null);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(Math.max(40, element.clientWidth), capacity), [[], []], element);
    };
    make();
    const resized = new ResizeObserver(() =>
      plot.current?.setSize({ width: Math.max(40, element.clientWidth), height: HEIGHT }),
    );
    resized.observe(element);
    const themed = new MutationObserver(make);
    themed.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
    return () => {
      resized.disconnect();
      themed.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [capacity]);

  useEffect(() => {
    if (series !== null) plot.current?.setData([series.times, series.depths]);
  });
  return <span class="chart" ref={place} role="img" aria-label={label} />;
}
