import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A page store of the model in a temporary file, which is made at once and is gone with `dispose`. */
export class TemporaryPages {
  private readonly folder = mkdtempSync(join(tmpdir(), `forkscope-index-${process.pid}-`));
  private fd = openSync(join(this.folder, 'records'), 'wx+', 0o600);

  /** Fills `bytes` from position `at`; leaves alone what was never written. @throws when the file cannot be read */
  read(bytes: Uint8Array, at: number): void {
    readSync(this.fd, bytes, 0, bytes.length, at);
  }
  /** @throws when the disk is full */
  write(bytes: Uint8Array, at: number): void {
    writeSync(this.fd, bytes, 0, bytes.length, at);
  }
  dispose(): void {
    if (this.fd >= 0) closeSync(this.fd);
    this.fd = -1;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
