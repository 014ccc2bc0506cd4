/** How often a crashed server is restarted before the user is asked. */

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

  /** The user asked for a restart: resets the count. */
  reset(): void {
    this.crashes = [];
  }
}
