/** Runs a program under debugpy as an editor does: a client for each process, and a breakpoint that is never hit. */
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { finished, type Program, type Run } from './program';

/** The line of test/bench/workloads.py that never runs. */
const NEVER = 'never_met';

export function underDebugpy(python: string, home: string): Run {
  return async (program) => {
    const port = await freePort();
    const clients = new Set<Socket>();
    const env = { ...process.env, PYTHONPATH: home, PYDEVD_DISABLE_FILE_VALIDATION: '1' };
    const run = finished(
      [python, '-m', 'debugpy', '--listen', `127.0.0.1:${port}`, '--wait-for-client', ...program.args],
      env,
    );
    let ended = false;
    run.then(
      () => {
        ended = true;
      },
      () => {
        ended = true;
      },
    );
    attach(port, {}, program, clients, () => ended);
    try {
      return await run;
    } finally {
      for (const each of clients) each.destroy();
    }
  };
}

interface Message {
  readonly type: string;
  readonly event?: string;
  readonly command?: string;
  readonly body?: Record<string, unknown>;
}

/**
 * Connects, retrying until the port is open, and performs the protocol's initialization; an event announces children.
 */
function attach(port: number, wanted: object, program: Program, clients: Set<Socket>, over: () => boolean): void {
  const socket = connect(port, '127.0.0.1');
  clients.add(socket);
  let seq = 0;
  const ask = (command: string, args: object) => {
    const text = JSON.stringify({ seq: ++seq, type: 'request', command, arguments: args });
    socket.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  const handle = (message: Message) => {
    if (message.type === 'response' && message.command === 'initialize')
      ask('attach', { justMyCode: true, subProcess: true, ...wanted });
    if (message.event === 'initialized') {
      const line = neverLine(program.script);
      if (line > 1) ask('setBreakpoints', { source: { path: program.script }, breakpoints: [{ line }] });
      ask('configurationDone', {});
    }
    if (message.event === 'debugpyAttach') attach(port, message.body ?? {}, program, clients, over);
  };
  socket.once('connect', () => ask('initialize', { adapterID: 'bench', pathFormat: 'path', linesStartAt1: true }));
  socket.on('data', reader(handle));
  socket.once('error', () => {
    clients.delete(socket);
    if (!over()) setTimeout(() => attach(port, wanted, program, clients, over), 20);
  });
}

function neverLine(script: string): number {
  return (
    readFileSync(script, 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(`def ${NEVER}`)) + 2
  );
}

/** Splits the stream into messages. */
function reader(handle: (message: Message) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = rest.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(rest.toString('latin1', 0, head))?.[1] ?? 0);
      if (rest.length < head + 4 + length) return;
      const text = rest.toString('utf8', head + 4, head + 4 + length);
      rest = rest.subarray(head + 4 + length);
      handle(JSON.parse(text) as Message);
    }
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
