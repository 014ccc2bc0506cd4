/** What the shell passes to a program, with and without `forkscope run`: bytes, descriptors, signals, limits. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Workplace } from '../../shared/workplace';
import { PYTHON } from '../engine/session/programs';
import { buildCommandLine, environment } from './commandLine';

const place = new Workplace();
let cli = '';
beforeAll(async () => {
  cli = await buildCommandLine(place);
  place.write('given.py', GIVEN);
}, 120_000);
afterAll(() => place.dispose());

/** Records everything that a process inherits from its parent. */
const GIVEN = `
import json, os, sys
text = lambda raw: raw.decode("latin-1")
ours = (b"FORKSCOPE_", b"PYTHONPATH=", b"_=", b"RUN=", b"LISTEN_PID=")
about = {"argv": [text(os.fsencode(each)) for each in sys.argv], "nice": os.nice(0)}
about["env"] = sorted(text(k + b"=" + v) for k, v in os.environb.items() if not (k + b"=").startswith(ours))
about["path"] = [text(each) for each in os.environb.get(b"PYTHONPATH", b"").split(b":") if each and not each.endswith(b"inject")]
about["listens"] = os.environ.get("LISTEN_PID") in (None, str(os.getpid()))
about["fds"] = {}
for name in os.listdir("/proc/self/fd"):
    try: link = os.readlink("/proc/self/fd/" + name)
    except OSError: continue
    if ".fsj" not in link and "/proc/" not in link: about["fds"][name] = link
for line in open("/proc/self/status"):
    name, value = line.split(":", 1)
    if name in ("SigBlk", "SigIgn", "SigCgt", "Umask"): about[name] = value.strip()
about["limits"] = open("/proc/self/limits").read()
try: about["cwd"] = text(os.getcwdb())
except OSError as error: about["cwd"] = str(error)
with open(os.environ["GIVEN"], "w") as file: json.dump(about, file)
`;

function given(run: string, line: string): unknown {
  const file = place.path('given.json');
  rmSync(file, { force: true });
  const env = { ...environment(place), GIVEN: file, RUN: run };
  const shell = spawnSync('bash', ['-c', line], { cwd: place.folder, env, encoding: 'utf8', timeout: 60_000 });
  if (!existsSync(file)) throw new Error(`${line}: ${shell.stderr}`);
  const about = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  return { ...about, status: shell.status, fds: withoutPipes(about['fds'] as Record<string, string>) };
}

/** Pipes of the shell and of the tests differ each time. */
function withoutPipes(fds: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fds).map(([number, link]) => [number, link.replace(/\d{3,}/, '')]));
}

const byBoth: readonly (readonly [string, string])[] = [
  ['arguments that are no UTF-8', String.raw`$RUN given.py "" $'caf\xe9' a $'\xff\xfe' ''`],
  ['an environment that is no UTF-8', String.raw`PYTHONPATH=$'/x\xe9' NAME=$'\xe9' $RUN given.py`],
  [
    'a script and a folder that are no UTF-8',
    String.raw`mkdir -p $'d\xe9'; cp given.py $'d\xe9/g\xe9.py'; cd $'d\xe9'; $RUN $'g\xe9.py'`,
  ],
  ['descriptors', 'exec 3</dev/null 4< <(true) 9<given.py 63>/dev/null; $RUN given.py <(true)'],
  [
    'a pipe of which it has both ends',
    `${PYTHON} -c 'import os, subprocess; subprocess.call(os.environ["RUN"].split() + ["given.py"], pass_fds=os.pipe() + os.pipe())'`,
  ],
  ['a mask for files and a priority', 'umask 027; nice -n 3 $RUN given.py'],
  ['limits', 'ulimit -Sn 200; ulimit -Sc 0; $RUN given.py; exit $?'],
  ['no environment', 'env -i GIVEN=$GIVEN PATH=$PATH A= B==x $RUN given.py'],
  ['nohup', 'nohup $RUN given.py 2>/dev/null'],
  ['a TMPDIR that is relative', 'TMPDIR=. $RUN given.py'],
  ['a TMPDIR that is not there', 'TMPDIR=/nowhere $RUN given.py'],
  [
    'systemd’s sockets',
    `${PYTHON} -c 'import os; os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid())); os.execvp(os.environ["RUN"].split()[0], os.environ["RUN"].split() + ["given.py"])'`,
  ],
];
/** What Node loses before our code runs: preserved only with the shell in front of it. */
const byShell: readonly (readonly [string, string])[] = [
  ['a job in the background', 'set +m; $RUN given.py & wait $!'],
  ['ignored signals', 'trap "" USR1 TERM PROF RTMIN+3; $RUN given.py'],
  [
    'a mask of signals',
    `${PYTHON} -c 'import os, signal; signal.pthread_sigmask(0, [1, 2, 10, 17, 40]); os.execvp(os.environ["RUN"].split()[0], os.environ["RUN"].split() + ["given.py"])'`,
  ],
  ['closed input and output', '$RUN given.py <&- >&-'],
  ['everything closed', '$RUN given.py <&- >&- 2>&-'],
  [
    'names that are none to a shell',
    String.raw`f() { echo; }; export -f f; env 'a.b=1' 'c-d=2' '1=2' $'é=é' $'e
f=g
h
' 'i j=' $RUN given.py`,
  ],
  [
    'variables that a shell takes for its own',
    'env IFS=x PPID=5 OPTIND=7 PS1=a PS4=b PWD=/wrong OLDPWD=/wrong SHLVL=7 LINENO=3 RANDOM=4 $RUN given.py',
  ],
  ['variables that a shell makes', 'env -u PWD -u OLDPWD -u SHLVL $RUN given.py'],
  [
    'options for Node',
    'NODE_OPTIONS="--inspect=0 --nonsense" NODE_V8_COVERAGE=$PWD/coverage NODE_DEBUG=module $RUN given.py 2>said; test ! -s said -a ! -e coverage',
  ],
  ['limits of the shell that becomes it', 'ulimit -Sn 222; exec $RUN given.py'],
];

describe.skipIf(process.platform !== 'linux')('a program is given what it would be given without us', () => {
  test.each([...byBoth, ...byShell])('%s', (_what, line) => {
    expect(given(`${cli} run --quiet --python ${PYTHON}`, line)).toEqual(given(PYTHON, line));
  });
  test.each(byBoth)('%s, when the shell starts Node directly', (_what, line) => {
    expect(given(`${process.execPath} ${cli} run --quiet --python ${PYTHON}`, line)).toEqual(given(PYTHON, line));
  });
});

test.skipIf(process.platform !== 'linux')('who reads its output sees the end when the program closes it', async () => {
  place.write(
    'closes.py',
    'import os, sys\nprint("said", flush=True)\nos.close(1)\nos.close(3)\nos.read(0, 1)\nsys.exit(3)\n',
  );
  const child = spawn(cli, ['run', '--quiet', '--python', PYTHON, 'closes.py'], {
    cwd: place.folder,
    env: environment(place),
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  });
  const [stdin, stdout, , other] = child.stdio;
  const ends = [stdout, other].map((each) => once((each as Readable).resume(), 'end'));
  await Promise.all(ends);
  expect(child.exitCode).toBe(null);
  stdin?.end('x');
  expect(await once(child, 'exit')).toEqual([3, null]);
});
