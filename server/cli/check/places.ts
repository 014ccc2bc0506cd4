import type { TextSpan } from '../../protocol/source';

/** Lines and columns from 1, columns in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Converts spans of a text into positions. */
export function places(text: string): (span: TextSpan) => Place {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const point = (offset: number): [number, number] => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return [low + 1, offset - (starts[low] as number) + 1];
  };
  return ({ start, end }) => {
    const [line, column] = point(start);
    const [endLine, endColumn] = point(end);
    return { line, column, endLine, endColumn };
  };
}
