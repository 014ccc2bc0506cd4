/** What debugpy sends as a process's output, where that output comes to the debug console by itself too. */
import { readlinkSync } from 'node:fs';

const DESCRIPTORS: Readonly<Record<string, number>> = { stdout: 1, stderr: 2 };

export class LineOutput {
  /** Where the first process of the program writes, by category; it is the one that the console reads. */
  private first: Readonly<Record<string, string | null>> | null = null;

  /** @param captured the program's output goes to the debug console, not to a terminal */
  constructor(private readonly captured: boolean) {}

  /** Call for each process before it runs code of the program. */
  joined(pid: number): void {
    this.first ??= Object.fromEntries(Object.keys(DESCRIPTORS).map((name) => [name, targetOf(pid, name)]));
  }

  /** Whether text of this category, which the process printed, is in the debug console already. */
  isShown(pid: number, category: unknown): boolean {
    if (!this.captured || typeof category !== 'string' || !(category in DESCRIPTORS)) return false;
    const wanted = this.first?.[category] ?? null;
    const target = targetOf(pid, category);
    // Where the system does not tell, nothing is known to be redirected.
    return wanted === null || target === null || target === wanted;
  }
}

function targetOf(pid: number, category: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/fd/${DESCRIPTORS[category]}`);
  } catch {
    return null;
  }
}
