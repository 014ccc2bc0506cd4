/** Browsers limit the height of an element; beyond this the scroll position is a proportion, not a distance. */
const MAX_HEIGHT = 8_000_000;

export interface Window {
  /** Height of the scrolled content in px. */
  readonly height: number;
  /** First row to draw, number of rows, and position of the first one in px. */
  readonly first: number;
  readonly count: number;
  readonly top: number;
}

/** Which of `total` rows of `row` px are visible at `scroll` px in a viewport of `view` px. */
export function visibleRows(total: number, row: number, view: number, scroll: number): Window {
  const whole = total * row;
  const height = Math.min(whole, MAX_HEIGHT);
  const fitting = Math.ceil(view / row) + 1;
  if (whole <= MAX_HEIGHT) {
    const first = Math.max(0, Math.min(Math.floor(scroll / row) - 4, total - 1));
    return { height, first, count: Math.min(total - first, fitting + 8), top: first * row };
  }
  const share = Math.min(1, Math.max(0, scroll / (height - view)));
  const first = Math.round(share * Math.max(0, total - Math.floor(view / row)));
  return { height, first, count: Math.min(total - first, fitting), top: Math.min(scroll, height - view) };
}

/** The scroll position that makes a row visible with the least movement. */
export function scrollTo(index: number, total: number, row: number, view: number, scroll: number): number {
  const whole = total * row;
  const height = Math.min(whole, MAX_HEIGHT);
  if (whole > MAX_HEIGHT) {
    const fitting = Math.floor(view / row);
    const first = Math.round((scroll / (height - view)) * (total - fitting));
    if (index >= first && index < first + fitting) return scroll;
    const target = index < first ? index : index - fitting + 1;
    return (target / Math.max(1, total - fitting)) * (height - view);
  }
  if (index * row < scroll) return index * row;
  if ((index + 1) * row > scroll + view) return (index + 1) * row - view;
  return scroll;
}
