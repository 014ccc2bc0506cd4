/**
 * `npm run bench [-- PART…] [--rounds N] [--python PATH] [--messages N]`: prints the figures of docs/performance.md.
 * Parts: any workload of runtime.ts, `start`, `ingest`, `latency`; all of them when none is named.
 */
import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Ingested, ingest } from './ingest';
import { writeSession } from './journals';
import { latencies } from './latency';
import { runtimeRows } from './runtime';
import { duration, table } from './table';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      python: { type: 'string', default: 'python3' },
      messages: { type: 'string', default: '10000000' },
      read: { type: 'string' },
    },
  });
  if (values.read !== undefined) {
    process.send?.(await ingest(values.read));
    return;
  }
  const root = join(__dirname, '../../..');
  // Not a version manager's stand-in, which takes longer to start than Python.
  const python = execFileSync(values.python, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  const all = positionals.length === 0;
  const workloads = positionals.filter((each) => each !== 'ingest' && each !== 'latency');
  if (all || workloads.length > 0) {
    const rows = runtimeRows(root, python, Number(values.rounds), workloads);
    const cells = rows.map((row) => [row.what, duration(row.bare), duration(row.recorded), row.ratio.toFixed(2)]);
    console.log(`\n${table(['one operation', 'bare', 'recorded', 'ratio'], cells)}`);
  }
  if (all || positionals.includes('ingest')) {
    const rows: string[][] = [];
    for (const messages of [Number(values.messages) / 10, Number(values.messages)]) {
      const found = await read(messages);
      rows.push([
        found.messages.toLocaleString('en'),
        `${found.seconds.toFixed(1)} s`,
        `${(found.events / found.seconds / 1e6).toFixed(2)} million/s`,
        `${found.peak.toFixed(0)} MiB`,
        `${found.page.toFixed(1)} ms`,
      ]);
    }
    console.log(`\n${table(['messages', 'read in', 'events', 'memory, peak', 'a page of 100'], rows)}`);
  }
  if (all || positionals.includes('latency')) {
    const { median, p95, worst, count } = await latencies();
    console.log(
      `\nFrom a put to the panel, ${count} puts: median ${median.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, worst ${worst.toFixed(0)} ms`,
    );
  }
}

/** Journals of that many messages, read by a process of its own. */
async function read(messages: number): Promise<Ingested> {
  const folder = mkdtempSync(join(tmpdir(), 'forkscope-bench-'));
  try {
    writeSession(join(folder, 'session'), messages);
    return await new Promise((resolve, reject) => {
      const child = fork(__filename, ['--read', join(folder, 'session')]);
      child.once('message', (found) => resolve(found as Ingested));
      child.once('exit', (status) => reject(new Error(`Reading ended with ${status}.`)));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
