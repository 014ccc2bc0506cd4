/**
 * Mutual authentication of a session's process and the debugger on a socket: each proves that it knows the session's
 * secret, and neither sends it. The other side is server/runtime/forkscope_runtime/handshake.py.
 *
 *     process → debugger   forkscope NONCE                its nonce
 *     debugger → process   NONCE PROOF                    its nonce; HMAC of both, as the debugger
 *     process → debugger   PROOF                          HMAC of both, as the process; then the socket's own protocol
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';

/** Upper bound of a line of the handshake, bytes. */
const MAX_LINE = 128;
/** Timeout of a handshake, ms: on a loaded machine a process may be slow between two lines. */
const TIMEOUT_MS = 10_000;
/** Upper bound of concurrent handshakes. Beyond it the oldest is closed, as the one most likely never to answer. */
const MAX_PENDING = 1024;
const HELLO = /^forkscope ([0-9a-f]{32})$/;

export class HandshakeServer {
  /** Shared with the processes of the session through private files in the session folder, and nowhere else. */
  readonly secret = randomBytes(32).toString('hex');
  /** Connections that have not proven themselves yet, oldest first. */
  private readonly pendingPeers = new Set<Socket>();

  constructor(
    private readonly timeoutMs = TIMEOUT_MS,
    private readonly maxPending = MAX_PENDING,
  ) {}

  /**
   * Calls `accepted` once the peer has proven itself, with its further data still unread. Before that nothing else is
   * read or sent.
   * @param refused receives the reason of a rejection
   */
  admit(socket: Socket, accepted: () => void, refused: (why: string) => void = () => {}): void {
    const [oldest] = this.pendingPeers.size >= this.maxPending ? this.pendingPeers : [];
    if (oldest !== undefined) refused('too many say nothing: the oldest of them is given up');
    oldest?.destroy();
    this.pendingPeers.add(socket);
    const timeout = setTimeout(() => {
      refused('it took too long');
      socket.destroy();
    }, this.timeoutMs);
    const settle = (): void => {
      clearTimeout(timeout);
      this.pendingPeers.delete(socket);
    };
    let pending = Buffer.alloc(0);
    let proof: string | null = null;
    const read = (chunk: Buffer): void => {
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        const end = pending.indexOf(10);
        if ((end < 0 ? pending.length : end) > MAX_LINE) break;
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
          accepted();
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
    return createHmac('sha256', this.secret).update(`${side} ${process} ${debug}`).digest('hex');
  }
}

function same(said: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(said, 'latin1'), Buffer.from(wanted, 'latin1')];
  return left.length === right.length && timingSafeEqual(left, right);
}
