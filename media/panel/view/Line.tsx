import type { JSX } from 'preact';
import type { SourceLine } from '../../../server/protocol/views';
import { baseName } from '../../../server/shared/format';
import type { Actions } from './props';

/** A line of the user's code, as a link to it. */
export function Line({ line, actions }: { line: SourceLine | null; actions: Actions }): JSX.Element | null {
  if (line === null) return null;
  return (
    <button
      type="button"
      class="link"
      title={`${line.file}:${line.line} ${line.function}`}
      onClick={() => actions.openLine(line)}
    >
      {`${baseName(line.file)}:${line.line}`}
    </button>
  );
}
