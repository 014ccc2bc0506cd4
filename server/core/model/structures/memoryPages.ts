import type { PageStore } from './recordPages';

/** A page store without a file, for a small or short-lived state. Reads and writes are of whole pages. */
export class MemoryPages implements PageStore {
  private readonly pages = new Map<number, Uint8Array>();

  read(bytes: Uint8Array, at: number): void {
    const page = this.pages.get(at);
    if (page !== undefined) bytes.set(page);
  }
  write(bytes: Uint8Array, at: number): void {
    this.pages.set(at, bytes.slice());
  }
  dispose(): void {
    this.pages.clear();
  }
}
