/** Frames of threads that are paused at operations, and the numbers by which the client knows them. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { nothingThere, notPaused } from '../debug/errors';
import type { PausedThread } from '../debug/pauses/pausedThread';
import type { SourceLine } from '../protocol/views';
import { baseName } from '../shared/format';

/** A frame's number is its thread's number times this, and the frame's own. */
const FRAMES = 256;

/** The number of the only frame of a blocked thread, which has no values. */
export const BLOCKED_FRAME = 0;

interface Known {
  readonly thread: PausedThread;
  readonly threadId: number;
}

type StackTrace = DebugProtocol.StackTraceResponse['body'];

export class PausedFrames {
  private readonly known = new Map<number, Known>();
  private last = 0;

  stackTrace(
    thread: PausedThread,
    { threadId, startFrame = 0, levels }: DebugProtocol.StackTraceArguments,
  ): StackTrace {
    const number = this.numberOf(thread, threadId);
    const all = thread.info.frames.map(
      (frame, index): DebugProtocol.StackFrame => ({
        id: number * FRAMES + index,
        name: frame.name,
        line: frame.line,
        column: 1,
        source: {
          name: baseName(frame.file),
          ...(frame.file.startsWith('<') ? {} : { path: frame.file }),
          presentationHint: frame.subtle ? 'deemphasize' : 'normal',
        },
        presentationHint: frame.subtle ? 'subtle' : 'normal',
      }),
    );
    return { stackFrames: all.slice(startFrame, startFrame + (levels || all.length)), totalFrames: all.length };
  }

  /** @throws DebugError where there is no such frame (any more) */
  find(frameId: number): Known & { readonly frame: number } {
    const known = this.known.get(Math.floor(frameId / FRAMES));
    if (known === undefined) throw frameId === BLOCKED_FRAME ? notPaused() : nothingThere('frame', frameId);
    return { ...known, frame: frameId % FRAMES };
  }

  /** The thread was resumed. @returns what it was paused at */
  forget(threadId: number): PausedThread[] {
    const gone = [...this.known].filter(([, known]) => known.threadId === threadId);
    for (const [number] of gone) this.known.delete(number);
    return gone.map(([, { thread }]) => thread);
  }

  clear(): void {
    this.known.clear();
  }

  private numberOf(thread: PausedThread, threadId: number): number {
    for (const [number, known] of this.known) if (known.thread === thread) return number;
    this.last += 1;
    this.known.set(this.last, { thread, threadId });
    return this.last;
  }
}

/** A blocked thread is not asked anything: only where it is blocked is known. */
export function blockedTrace(line: SourceLine | null): StackTrace {
  if (line === null) return { stackFrames: [], totalFrames: 0 };
  const source = { name: baseName(line.file), path: line.file };
  const frame = { id: BLOCKED_FRAME, name: line.function, line: line.line, column: 1, source };
  return { stackFrames: [frame], totalFrames: 1 };
}
