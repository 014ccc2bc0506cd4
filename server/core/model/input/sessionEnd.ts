/** How the main process ended, as its supervisor wrote it down. */
export interface SessionEnd {
  readonly pid: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** What a zombie's own status says of its end. */
export interface ExitStatus {
  readonly code: number | null;
  /** Its number. */
  readonly signal: number | null;
}
