/** What the debugger cannot do, as facts: a face puts them into words. */

type Problem =
  /** The thread is not paused (any more), or there is no such thread. */
  | { readonly kind: 'notPaused' }
  /** No frame, value, source or target has that number (any more). */
  | { readonly kind: 'nothingThere'; readonly what: 'frame' | 'value' | 'source' | 'target'; readonly id: number }
  /** The process answered with this sentence. */
  | { readonly kind: 'refused'; readonly sentence: string };

export class DebugError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.kind === 'refused' ? problem.sentence : problem.kind);
  }
}

export const notPaused = (): DebugError => new DebugError({ kind: 'notPaused' });

export const nothingThere = (what: 'frame' | 'value' | 'source' | 'target', id: number): DebugError =>
  new DebugError({ kind: 'nothingThere', what, id });

export const refused = (error: unknown): DebugError =>
  new DebugError({ kind: 'refused', sentence: error instanceof Error ? error.message : String(error) });

/** What a process answers; its error as a DebugError. */
export async function answerOf<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof DebugError ? error : refused(error);
  }
}
