/** The tools in the comparison: how each runs a script, and which of them are available. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { underDebugpy } from './lineDebugger';
import { finished, type Program, type Run } from './program';

export interface Peer {
  readonly name: string;
  /** Its configuration, for the text under the table. */
  readonly how: string;
  /** Seconds that an additional process may cost it: workloads with many processes are shortened accordingly. */
  readonly perProcess: number;
  readonly run: Run;
}

/** Pinned, so that two tables can be compared. */
const VERSIONS = { viztracer: '1.1.1', 'py-spy': '0.4.1', debugpy: '1.8.17' } as const;

/** The peers available for this interpreter; missing ones are named on stderr. */
export function findPeers(root: string, python: string, scratch: string): Peer[] {
  const asked = spawnSync(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' });
  const folder = (name: keyof typeof VERSIONS) =>
    install(join(root, '.tools', `bench-${asked.stdout.trim()}`), python, name);
  const peers: Peer[] = [];
  const add = (there: boolean, peer: Peer) => {
    if (there) peers.push(peer);
    else process.stderr.write(`${peer.name} cannot be had here: left out.\n`);
  };
  const prefixed =
    (prefix: readonly string[], env = process.env): Run =>
    (program: Program) =>
      finished([...prefix, ...program.args], env);
  const viztracer = folder('viztracer');
  const path = [viztracer, process.env['PYTHONPATH']].filter(Boolean).join(delimiter);
  const trace = [python, '-m', 'viztracer', '--quiet', '-o', join(scratch, 'trace.json'), '--'];
  add(existsSync(join(viztracer, 'viztracer')), {
    name: 'VizTracer',
    how: '`viztracer`: every call of every process, kept in memory and written at the end',
    perProcess: 0.5,
    run: prefixed(trace, { ...process.env, PYTHONPATH: path }),
  });
  const spy = join(folder('py-spy'), 'bin', 'py-spy');
  const sample = [
    spy,
    'record',
    '--subprocesses',
    '--rate',
    '100',
    '-f',
    'raw',
    '-o',
    join(scratch, 'spy.txt'),
    '--',
    python,
  ];
  add(works([...sample, '-c', 'import time; time.sleep(0.5)']), {
    name: 'py-spy',
    how: '`py-spy record --subprocesses --rate 100`: samples from outside, no messages',
    perProcess: 0.02,
    // It exits with an error if one of many processes is gone before it was sampled.
    run: ({ args }) => finished([...sample, ...args], process.env, true),
  });
  const debugpy = folder('debugpy');
  add(existsSync(join(debugpy, 'debugpy')), {
    name: 'debugpy',
    how: 'debugpy with a client attached to every process, and one breakpoint that is never met',
    perProcess: 0.7,
    run: underDebugpy(python, debugpy),
  });
  const calls = ['-f', '-e', 'trace=read,write,process'];
  add(works(['strace', ...calls, '-o', '/dev/null', 'true']), {
    name: 'strace',
    how: '`strace -f -e trace=read,write,process`: each system call that moves a message or makes a process',
    perProcess: 0.02,
    run: prefixed(['strace', ...calls, '-o', join(scratch, 'strace.txt'), python]),
  });
  return peers;
}

/** Installs a package once per interpreter version into an ignored folder of the project; returns the folder. */
function install(home: string, python: string, name: keyof typeof VERSIONS): string {
  const folder = join(home, `${name}-${VERSIONS[name]}`);
  if (!existsSync(folder))
    works(
      [
        python,
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--target',
        folder,
        `${name}==${VERSIONS[name]}`,
      ],
      180_000,
    );
  return folder;
}

function works([file, ...args]: readonly string[], timeout = 20_000): boolean {
  const done = spawnSync(file as string, args, { stdio: 'ignore', timeout });
  return done.status === 0;
}
