/** How a state of a lane is drawn. */
export interface Fill {
  readonly colour: string;
  /** 0 to 1. */
  readonly alpha: number;
  /** Drawn over the colour, to distinguish states without it. */
  readonly pattern: 'none' | 'hatch' | 'back-hatch' | 'dots' | 'cross';
}

/** All colors that drawing needs from the editor's theme; a canvas does not resolve CSS variables. */
export interface Theme {
  readonly foreground: string;
  readonly faint: string;
  readonly background: string;
  readonly rowLine: string;
  readonly cursor: string;
  readonly selection: string;
  readonly error: string;
  readonly warning: string;
  /** High contrast: outlines and patterns replace colours. */
  readonly contrast: boolean;
  readonly font: string;
  /** By the state's number (`core/history/laneState`). */
  readonly states: readonly Fill[];
  /** Assigned to channels in turn. */
  readonly channels: readonly string[];
}

/** A theme's orange may be the translucent highlight of a search: too pale for a line. */
function opaque(colour: string): string {
  const rgba = /^rgba\(([^,]+,[^,]+,[^,]+),[^)]+\)$/.exec(colour);
  if (rgba !== null) return `rgb(${rgba[1]})`;
  return /^#[0-9a-f]{8}$/i.test(colour) ? colour.slice(0, 7) : colour;
}

/** Reads the current theme; `bodyClass` tells whether it is a high-contrast one. */
export function readTheme(variable: (name: string) => string, bodyClass: string): Theme {
  const of = (name: string, otherwise: string): string => opaque(variable(`--vscode-${name}`).trim() || otherwise);
  const contrast = /\bvscode-high-contrast/.test(bodyClass);
  const foreground = of('foreground', '#cccccc');
  const green = of('charts-green', '#89d185');
  const blue = of('charts-blue', '#3794ff');
  const orange = of('charts-orange', '#d18616');
  const purple = of('charts-purple', '#b180d7');
  const waiting = (pattern: Fill['pattern']): Fill => ({ colour: foreground, alpha: contrast ? 0.45 : 0.16, pattern });
  return {
    foreground,
    faint: of('descriptionForeground', foreground),
    background: of('editor-background', '#1e1e1e'),
    rowLine: contrast ? of('contrastBorder', foreground) : of('editorWidget-border', of('panel-border', '#80808040')),
    cursor: of('editorCursor-foreground', foreground),
    selection: of('focusBorder', blue),
    error: of('charts-red', '#f14c4c'),
    warning: of('charts-yellow', '#cca700'),
    contrast,
    font: `${of('font-size', '13px')} ${of('font-family', 'sans-serif')}`,
    states: [
      { colour: green, alpha: contrast ? 1 : 0.62, pattern: 'none' }, // running
      waiting('none'), // get
      waiting(contrast ? 'dots' : 'none'), // recv
      { colour: orange, alpha: 0.75, pattern: contrast ? 'hatch' : 'none' }, // put
      { colour: purple, alpha: 0.75, pattern: contrast ? 'cross' : 'none' }, // lock
      waiting('hatch'), // join
      waiting('back-hatch'), // wait
      { colour: blue, alpha: 0.75, pattern: 'hatch' }, // paused
      { colour: foreground, alpha: 0.06, pattern: 'cross' }, // unknown
    ],
    channels: [blue, orange, purple, green, of('charts-yellow', '#cca700'), of('charts-foreground', foreground)],
  };
}
