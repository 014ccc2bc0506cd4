/** Problems of the recording as facts; project/warnings.ts makes the sentences. `text` is a sentence of the engine. */
export type Warning =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'line-debugger'; readonly pid: number; readonly reason: string }
  /** @param mb memory that the program keeps locked */
  | { readonly kind: 'locked'; readonly pid: number; readonly mb: number }
  | { readonly kind: 'incomplete'; readonly pid: number; readonly text: string; readonly code: string };

/** Maximum number of warnings: more would not be read. */
const MOST = 50;

/** The warnings of a session, each once, the first ones. */
export class Warnings {
  readonly all: Warning[] = [];
  private readonly keys = new Set<string>();

  add(warning: Warning): void {
    const key = JSON.stringify(warning);
    if (this.all.length >= MOST || this.keys.has(key)) return;
    this.keys.add(key);
    this.all.push(warning);
  }
}
