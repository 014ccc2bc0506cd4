/** Output on its way to a client, no faster than the client's socket takes it. */
import type { Socket } from 'node:net';
import type { OutputSink } from './output';

/** @param send is not called once the socket is gone */
export function socketSink(socket: Socket, send: (text: string, category: 'stdout' | 'stderr') => void): OutputSink {
  return {
    send: (category, text) => {
      if (!socket.destroyed) send(text, category);
    },
    ready: () =>
      socket.destroyed || !socket.writableNeedDrain
        ? Promise.resolve()
        : new Promise((resolve) => {
            const done = (): void => {
              socket.off('drain', done).off('close', done);
              resolve();
            };
            socket.once('drain', done).once('close', done);
          }),
  };
}
