/** The rig of the debug adapter's tests: scripts in a private folder, a host, a connected client. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach } from 'vitest';
import { DapListener } from '../../../server/dap/listener';
import { SocketClient } from '../../shared/socketClient';
import { Host } from '../../unit/fakes/host';
import { relayModule } from './relayModule';

export const python = process.platform === 'win32' ? 'python' : 'python3';

class Rig {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'forkscope-dap-test-'));
  host = new Host(this.folder, relayModule);
  listener = new DapListener(this.host);
  client!: SocketClient;
  private scripts = 0;

  /** Writes a Python file and returns its path. */
  script(text: string): string {
    this.scripts += 1;
    const file = path.join(this.folder, `script${this.scripts}.py`);
    writeFileSync(file, text);
    return file;
  }

  /** Makes the fake engine see the process that the adapter started, and returns its pid. */
  async see(id = 's1', name = 'MainProcess'): Promise<number> {
    const started = await this.client.event('process');
    const pid = started.body.systemProcessId as number;
    this.host.session(id).setProcess(`${id}-main`, pid, 'running', { name, origin: 'main' });
    return pid;
  }

  /** Resolves when the program printed "ready". */
  async ready(): Promise<void> {
    await this.client.event('output', (event) => event.body.output.includes('ready'));
  }

  async reconnect(): Promise<void> {
    this.client = await SocketClient.connect(await this.listener.path());
  }
}

/** A rig with a fresh host and client for every test of the file. */
export function rig(): Rig {
  const made = new Rig();
  beforeEach(async () => {
    made.host = new Host(mkdtempSync(path.join(made.folder, 'sessions-')), relayModule);
    made.listener = new DapListener(made.host);
    await made.reconnect();
  });
  afterEach(() => {
    made.client.socket.destroy();
    made.listener.dispose();
  });
  afterAll(() => rmSync(made.folder, { recursive: true, force: true }));
  return made;
}
