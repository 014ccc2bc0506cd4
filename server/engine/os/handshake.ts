/**
 * How a process of a session and the debugger know each other on a socket: each proves that it knows the session's secret word,
 * and neither tells it. The other side is server/runtime/forkscope_runtime/handshake.py.
 *
 *     process → debugger   forkscope NONCE                a number of its own, used once
 *     debugger → process   NONCE PROOF                    its own number; HMAC of both, as the debugger
 *     process → debugger   PROOF                          HMAC of both, as the process; then whatever the socket is for
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';

/** No line of the handshake is longer, in bytes. */
const LONGEST = 128;
/** So long may a handshake take, in ms: a process on a loaded machine may be slow between two lines. */
const PATIENCE_MS = 10_000;
/** So many may be under way. One more, and the oldest is given up: it is the one that says nothing. */
const MOST = 1024;
const HELLO = /^forkscope ([0-9a-f]{32})$/;

export class Doorkeeper {
  /** The secret word. It belongs into files of the session folder, and nowhere else. */
  readonly word = randomBytes(32).toString('hex');
  /** Who is not known yet, oldest first. */
  private readonly strangers = new Set<Socket>();

  constructor(
    private readonly patienceMs = PATIENCE_MS,
    private readonly most = MOST,
  ) {}

  /**
   * Calls `welcome` when the other side is known, with what it says next still to be read. Nothing else is read, or sent, before.
   * @param refused is told why it is not let in
   */
  admit(socket: Socket, welcome: () => void, refused: (why: string) => void = () => {}): void {
    const [oldest] = this.strangers.size >= this.most ? this.strangers : [];
    if (oldest !== undefined) refused('too many say nothing: the oldest of them is given up');
    oldest?.destroy();
    this.strangers.add(socket);
    const patience = setTimeout(() => {
      refused('it took too long');
      socket.destroy();
    }, this.patienceMs);
    const settle = (): void => {
      clearTimeout(patience);
      this.strangers.delete(socket);
    };
    let pending = Buffer.alloc(0);
    let proof: string | null = null;
    const read = (chunk: Buffer): void => {
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        const end = pending.indexOf(10);
        if ((end < 0 ? pending.length : end) > LONGEST) break;
        if (end < 0) return;
        const line = pending.toString('latin1', 0, end);
        pending = pending.subarray(end + 1);
        if (proof === null) {
          const theirs = HELLO.exec(line)?.[1];
          if (theirs === undefined) break;
          const mine = randomBytes(16).toString('hex');
          proof = this.proof('process', theirs, mine);
          socket.write(`${mine} ${this.proof('debugger', theirs, mine)}\n`);
        } else if (same(line, proof)) {
          settle();
          socket.pause();
          socket.off('data', read);
          if (pending.length > 0) socket.unshift(pending);
          welcome();
          socket.resume();
          return;
        } else break;
      }
      refused(proof === null ? 'it is none of ours' : 'it does not know the word');
      socket.destroy();
    };
    socket.on('data', read);
    socket.on('error', () => socket.destroy());
    socket.once('close', settle);
  }

  private proof(side: 'process' | 'debugger', process: string, debug: string): string {
    return createHmac('sha256', this.word).update(`${side} ${process} ${debug}`).digest('hex');
  }
}

function same(said: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(said, 'latin1'), Buffer.from(wanted, 'latin1')];
  return left.length === right.length && timingSafeEqual(left, right);
}
