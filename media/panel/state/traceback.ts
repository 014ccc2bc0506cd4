import type { SourceLine } from '../../../server/protocol/views';

/** A line of a traceback, and the location that it names. */
interface TracebackLine {
  readonly text: string;
  readonly line: SourceLine | null;
}

const FRAME = /^\s*File "(.+)", line (\d+)(?:, in (.+))?$/;

export function tracebackLines(text: string): readonly TracebackLine[] {
  return text.split('\n').map((each) => {
    const found = FRAME.exec(each);
    const named = found !== null && !(found[1] as string).startsWith('<');
    return {
      text: each,
      line: named ? { file: found[1] as string, line: Number(found[2]), function: found[3] ?? '' } : null,
    };
  });
}
