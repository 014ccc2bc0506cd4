/** Sizes and places in a drawing, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
/** A box by its centre. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}
