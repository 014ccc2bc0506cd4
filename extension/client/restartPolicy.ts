/** How often a crashed server is started again before somebody is asked. */

/** Restarts that are allowed within the window. */
const LIMIT = 4;
/** ms */
const WINDOW = 3 * 60_000;

export class RestartPolicy {
  private crashes: number[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  /** Counts a crash; true when the server should be started again without asking. */
  crashed(): boolean {
    const now = this.now();
    this.crashes = [...this.crashes.filter((at) => now - at < WINDOW), now];
    return this.crashes.length <= LIMIT;
  }

  /** A person asked for a restart: counting begins anew. */
  reset(): void {
    this.crashes = [];
  }
}
