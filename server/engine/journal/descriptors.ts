/** What has a descriptor while it is read. */
export interface Opened {
  /** It was read since the last time that somebody asked. */
  used: boolean;
  close(): void;
}

/** Open files of one reader, bounded: of those that were not read lately some are closed, and opened again when they are read. */
export class Descriptors {
  private readonly open = new Set<Opened>();

  /** @param most that are open at a time */
  constructor(private readonly most = 2048) {}

  get count(): number {
    return this.open.size;
  }

  /** Opens a file, and closes others where there are too many. @param opening throws like openSync */
  take(file: Opened, opening: () => number): number {
    if (this.open.size >= this.most) this.closeSome(1);
    let fd: number;
    try {
      fd = opening();
    } catch (error) {
      if (!isExhausted(error) || this.open.size === 0) throw error;
      this.closeSome(Math.ceil(this.open.size / 2));
      fd = opening();
    }
    this.open.add(file);
    return fd;
  }

  release(file: Opened): void {
    this.open.delete(file);
  }

  private closeSome(count: number): void {
    let left = count;
    // What was used goes to the end, and is met there once more.
    for (const each of this.open) {
      if (left === 0) return;
      if (each.used) {
        each.used = false;
        this.open.delete(each);
        this.open.add(each);
      } else {
        each.close();
        left--;
      }
    }
  }
}

/** This process, or the system, has as many files open as it may. */
function isExhausted(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EMFILE' || code === 'ENFILE';
}
