/**
 * The debugger and a process of its session authenticate each other; other peers receive no data and are not obeyed.
 */
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { HandshakeServer } from '../../../../server/engine/os/handshake';

const RUNTIME = join(__dirname, '../../../../server/runtime');
const PROCESS = `
import socket, sys
from forkscope_runtime import handshake
handshake.PATIENCE = float(sys.argv[3])
channel = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
try:
    handshake.prove(channel, sys.argv[2])
    channel.sendall(b"the message")
    print(channel.recv(100).decode())
except handshake.Stranger as error:
    print("stranger: %s" % error)
`;

const open: (Server | Socket)[] = [];
afterEach(() => {
  for (const each of open.splice(0)) 'destroy' in each ? each.destroy() : each.close();
});

async function listen(accept: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    open.push(socket);
    socket.on('error', () => socket.destroy());
    accept(socket);
  });
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A listener with a handshake that greets authenticated peers. */
async function listenWithHandshake(server: HandshakeServer): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  const port = await listen((socket) =>
    server.admit(socket, () => {
      socket.on('data', (chunk) => heard.push(String(chunk)));
      socket.write('you are known');
    }),
  );
  return { port, heard };
}

/** What a process of the runtime reports about the listener at that port. */
async function processAt(port: number, secret: string, patience = 20): Promise<string> {
  const child = spawn('python3', ['-c', PROCESS, `${port}`, secret, `${patience}`], {
    env: { ...process.env, PYTHONPATH: RUNTIME },
  });
  let said = '';
  for (const each of [child.stdout, child.stderr]) each.on('data', (chunk) => (said += chunk));
  await once(child, 'close');
  return said.trim();
}

async function unknownPeer(port: number, ...lines: string[]): Promise<{ socket: Socket; gone: Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  open.push(socket);
  let got = '';
  socket.on('data', (chunk) => (got += chunk));
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  const gone = new Promise<string>((resolve) => socket.once('close', () => resolve(got)));
  for (const each of lines) socket.write(each);
  return { socket, gone };
}

test('a peer that knows the secret is admitted, and knows its peer', async () => {
  const server = new HandshakeServer();
  const { port, heard } = await listenWithHandshake(server);
  expect(await processAt(port, server.secret)).toBe('you are known');
  expect(heard).toEqual(['the message']);
});

describe('a process', () => {
  test('of another session neither receives nor sends data', async () => {
    const { port, heard } = await listenWithHandshake(new HandshakeServer());
    expect(await processAt(port, new HandshakeServer().secret)).toBe(
      "stranger: who listens there does not know the session's word",
    );
    expect(heard).toEqual([]);
  });

  test.each([
    ['sends back what it gets', (socket: Socket) => socket.pipe(socket), 'stranger'],
    ['hangs up', (socket: Socket) => socket.once('data', () => socket.end()), 'stranger: who listens there hung up'],
    [
      'makes a proof up',
      (socket: Socket) => socket.write(`${'0'.repeat(32)} ${'0'.repeat(64)}\n`),
      'stranger: who listens there does not know',
    ],
  ])('does not obey a peer that %s', async (_, accept, expected) => {
    const heard: Buffer[] = [];
    const port = await listen((socket) => {
      socket.on('data', (chunk: Buffer) => heard.push(chunk));
      accept(socket);
    });
    expect(await processAt(port, 'a word', 2)).toContain(expected);
    expect(Buffer.concat(heard).toString()).toMatch(/^forkscope [0-9a-f]{32}\n$/);
  });

  test('times out on a peer that sends nothing, or one byte at a time', async () => {
    expect(await processAt(await listen(() => {}), 'a word', 0.2)).toBe('stranger: who listens there does not answer');
    const port = await listen((socket) => {
      const drip = setInterval(() => socket.write('0'), 20);
      socket.once('close', () => clearInterval(drip));
    });
    expect(await processAt(port, 'a word', 0.5)).toBe('stranger: who listens there does not answer');
  });
});

describe('an unknown peer', () => {
  const hello = `forkscope ${'a'.repeat(32)}\n`;

  test.each([
    ['a request of another protocol', 'GET / HTTP/1.1\r\n\r\n'],
    ['a message of the debug adapter protocol', 'Content-Length: 2\r\n\r\n{}'],
    ['an introduction', '{"type":"stop","pid":1}\n'],
    ['a line that does not end', 'f'.repeat(1000)],
    ['much', `${'x'.repeat(1 << 20)}\n`],
  ])('that sends %s receives nothing', async (_, text) => {
    const { port, heard } = await listenWithHandshake(new HandshakeServer(600_000)); // at once, not at the timeout
    expect(await (await unknownPeer(port, text)).gone).toBe('');
    expect(heard).toEqual([]);
  });

  test('that asks gets a nonce and a proof for this exchange only, and is rejected without a proof of its own', async () => {
    const server = new HandshakeServer();
    const { port, heard } = await listenWithHandshake(server);
    const got = await (await unknownPeer(port, hello, `${'0'.repeat(64)}\n`)).gone;
    const [, number, proof] = /^([0-9a-f]{32}) ([0-9a-f]{64})\n$/.exec(got) ?? [];
    const mac = (side: string) =>
      createHmac('sha256', server.secret)
        .update(`${side} ${'a'.repeat(32)} ${number}`)
        .digest('hex');
    expect(proof).toBe(mac('debugger'));
    expect(proof).not.toBe(mac('process'));
    // The same question again, with the debugger's proof: it is for the debugger's role, and for another nonce.
    expect(await (await unknownPeer(port, hello, `${proof}\n`)).gone).not.toContain('known');
    expect(heard).toEqual([]);
  });

  test('that sends nothing is disconnected after the timeout', async () => {
    const { port } = await listenWithHandshake(new HandshakeServer(50));
    expect(await (await unknownPeer(port)).gone).toBe('');
    expect(await (await unknownPeer(port, hello)).gone).toMatch(/^[0-9a-f]{32} [0-9a-f]{64}\n$/);
  });

  test('cannot lock others out by numbers: the oldest connection is closed', async () => {
    const server = new HandshakeServer(600_000, 8);
    const { port } = await listenWithHandshake(server);
    const first = await unknownPeer(port);
    for (let n = 0; n < 20; n++) await unknownPeer(port);
    expect(await first.gone).toBe('');
    expect(await processAt(port, server.secret)).toBe('you are known');
  });
});
