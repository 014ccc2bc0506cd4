import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one test file, deleted on disposal. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'forkscope-test-'));

  write(name: string, text: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }
  path(name: string): string {
    return join(this.folder, name);
  }
  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
