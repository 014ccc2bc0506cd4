/** How the main process ended, as its supervisor recorded it. */
export interface SessionEnd {
  readonly pid: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A zombie's exit status, as the system shows it. */
export interface ExitStatus {
  readonly code: number | null;
  /** The signal's number. */
  readonly signal: number | null;
}
