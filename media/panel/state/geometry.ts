/** Sizes and positions in a drawing, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
/** A box, given by its center. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}
