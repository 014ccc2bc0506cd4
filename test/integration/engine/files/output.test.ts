/**
 * Writing files for the user: what is replaced, what is written into, and what is rejected before the program starts.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OutputError, outputProblem, writeOutput } from '../../../../server/engine/files/output';
import { tar } from '../../../fuzz/recordings';
import { Workplace } from '../../../shared/workplace';
import { until } from '../session/programs';

const place = new Workplace();
const posix = process.platform !== 'win32';
const root = process.getuid?.() === 0;
const REPORT = '{\n  "format": "forkscope-report",\n  "version": 1\n}\n';
const archive = (name: string) => gzipSync(tar([{ name, type: '0', size: null, link: '', data: Buffer.from('{}') }]));
const RECORDING = archive('recording.json');
const BEFORE = REPORT.replace('1', '1, "before": true');
let at = '';
let temporary = '';
let number = 0;
beforeEach(() => {
  number += 1;
  at = place.path(`at${number}`);
  temporary = place.path(`tmp${number}`);
  for (const each of [at, temporary]) mkdirSync(each);
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, temporary);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => place.dispose());

const file = (name: string, text?: string | Uint8Array): string => {
  const path = join(at, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
};
const report = (path: string) => writeOutput({ file: path, kind: 'report' }, (fd) => void writeSync(fd, REPORT), 200);
const problem = (...files: string[]) => outputProblem(files.map((each) => ({ file: each, kind: 'report' })));
const read = (path: string) => readFileSync(path, 'utf8');

describe.runIf(posix)('what is there', () => {
  test('a link is kept, and its target is replaced, with the same mode and owner', async () => {
    const target = file('target', BEFORE);
    chmodSync(target, 0o640);
    if (root) chownSync(target, 4711, 4712);
    symlinkSync('target', file('one'));
    symlinkSync(file('one'), file('two'));
    const { ino } = statSync(target);
    await report(file('two'));
    expect(read(target)).toBe(REPORT);
    expect([readlinkSync(file('two')), readlinkSync(file('one'))]).toEqual([file('one'), 'target']);
    const { mode, uid, gid, ino: now } = statSync(target);
    expect(mode & 0o777).toBe(0o640);
    if (root) expect([uid, gid]).toEqual([4711, 4712]);
    expect(now).not.toBe(ino); // completely or not at all
    expect(readdirSync(at).sort()).toEqual(['one', 'target', 'two']);
  });

  test('a dangling link gets its target, and a cyclic one is rejected', async () => {
    symlinkSync('new', file('link'));
    await report(file('link'));
    expect(lstatSync(file('link')).isSymbolicLink()).toBe(true);
    expect(read(file('new'))).toBe(REPORT);
    symlinkSync('b', file('a'));
    symlinkSync('a', file('b'));
    expect(problem(file('a'))).toMatch(/too many links/);
  });

  test('a folder of links is resolved as by the system', async () => {
    mkdirSync(join(at, 'sub/deep'), { recursive: true });
    symlinkSync('sub/deep', file('link'));
    await report(`${at}/link/../here`);
    expect(read(join(at, 'sub/here'))).toBe(REPORT);
  });

  test.each([
    ['text', 'hello\n'],
    ['other JSON', '{"format": "forkscope-recording"}'],
    ['a report that is not at the beginning', ` x${REPORT}`],
    ['another archive', archive('other.json')],
    ['a recording, for a report', RECORDING],
  ])('%s is not overwritten', async (_name, text) => {
    const path = file('theirs', text);
    expect(problem(path)).toMatch(/exists and is no report of Forkscope: it is not overwritten/);
    await expect(report(path)).rejects.toThrow(/is not overwritten.* It was kept as .*report\.json/);
    expect(readFileSync(path)).toEqual(Buffer.from(text));
  });

  test('only recordings are replaced by recordings', () => {
    const of = (name: string, text: string | Uint8Array) =>
      outputProblem([{ file: file(name, text), kind: 'recording' }]);
    expect(of('r', RECORDING)).toBeNull();
    expect(of('empty', '')).toBeNull();
    expect(of('report', REPORT)).toMatch(/is no recording of Forkscope/);
    expect(of('cut', gzipSync('recording.jso'))).toMatch(/is no recording/);
  });

  test('new files: a recording is accessible to its owner only', async () => {
    await writeOutput({ file: file('r.forkscope'), kind: 'recording' }, (fd) => void writeSync(fd, RECORDING));
    expect(statSync(file('r.forkscope')).mode & 0o777).toBe(0o600);
    await report(file('r.json'));
    expect(statSync(file('r.json')).mode & 0o777).toBe(0o666 & ~process.umask());
  });
});

describe('before the program starts', () => {
  test('the same file twice, by any name', () => {
    file('x', REPORT);
    expect(problem(file('x'), join(at, '..', `at${number}`, 'x'))).toMatch(/are the same file/);
    expect(problem(file('new'), `${at}/./new`)).toMatch(/are the same file/);
    linkSync(file('x'), file('hard'));
    expect(problem(file('x'), file('hard'))).toMatch(/are the same file/);
    if (posix) {
      symlinkSync('new', file('soft'));
      expect(problem(file('soft'), file('new'))).toMatch(/are the same file/);
    }
    expect(problem(file('x'), file('y'))).toBeNull();
    expect(existsSync(file('y'))).toBe(false);
  });

  test('the program itself, also if it is empty', () => {
    const script = file('empty.py', '');
    linkSync(script, file('hard.py'));
    for (const each of [script, file('hard.py')])
      expect(outputProblem([{ file: each, kind: 'report' }], [script])).toMatch(/is the program itself/);
  });

  test.each([
    ['', /A file needs a name/],
    ['.', /is a folder/],
    ['..', /is a folder/],
    ['new/', /is a folder/],
    ['no/x', /there is no folder .*no\./],
    ['file/x', /is no folder/],
    ['x'.repeat(300), /its name is too long/],
  ])('not a possible file: %s', (name, said) => {
    file('file', 'x');
    expect(problem(name === '' ? '' : `${at}/${name}`)).toMatch(said);
  });

  test.runIf(posix && !root)('a folder that takes no file, and a file that may not be changed', () => {
    file('mine', REPORT);
    chmodSync(file('mine'), 0o400);
    expect(problem(file('mine'))).toMatch(/no permission/);
    chmodSync(at, 0o500);
    expect(problem(file('new'))).toMatch(/no permission to make a file in/);
    chmodSync(at, 0o700);
  });

  test.runIf(posix)('a socket', async () => {
    const server = createServer().listen(file('s'));
    await once(server, 'listening');
    expect(problem(file('s'))).toMatch(/is a socket/);
    server.close();
  });
});

describe.runIf(posix)('what is no file', () => {
  test('a FIFO is written into, and stays a FIFO', async () => {
    execFileSync('mkfifo', [file('f')]);
    const reader = spawn('cat', [file('f')]);
    const said = text(reader);
    await report(file('f'));
    await once(reader, 'close');
    expect(said()).toBe(REPORT);
    expect(lstatSync(file('f')).isFIFO()).toBe(true);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('a FIFO without a reader is not waited for forever', async () => {
    execFileSync('mkfifo', [file('f')]);
    const failed = await report(file('f')).catch((error: unknown) => error as OutputError);
    expect(failed).toBeInstanceOf(OutputError);
    expect(failed?.message).toMatch(/nobody reads from it\. It was kept as/);
    expect(read(failed?.kept ?? '')).toBe(REPORT);
  });

  // Uses nodes in the test's own folder, and none of the machine's devices.
  test.runIf(root && process.platform === 'linux')('a device is written into, never replaced', async () => {
    for (const [name, minor] of [
      ['null', '3'],
      ['full', '7'],
    ] as const)
      execFileSync('mknod', [file(name), 'c', '1', minor]);
    await report(file('null'));
    await expect(report(file('full'))).rejects.toThrow(/ENOSPC.* It was kept as/);
    for (const name of ['null', 'full']) expect(lstatSync(file(name)).isCharacterDevice()).toBe(true);
    expect(problem(file('null'), file('null'))).toBeNull();
    execFileSync('mknod', [file('tty'), 'c', '5', '0']);
    expect(outputProblem([{ file: file('tty'), kind: 'recording' }])).toMatch(
      /is a terminal, and a recording is no text/,
    );
    execFileSync('mknod', [file('disk'), 'b', '7', '99']);
    expect(problem(file('disk'))).toMatch(/is a block device/);
  });
});

describe('failures at the end', () => {
  test('the folder is gone: the contents are kept, and their place is reported', async () => {
    mkdirSync(file('gone'));
    const path = join(at, 'gone/r.json');
    expect(problem(path)).toBeNull();
    rmSync(file('gone'), { recursive: true });
    const failed = await report(path).catch((error: unknown) => error as OutputError);
    expect(failed?.message).toMatch(/could not be written to .*there is no folder .*\. It was kept as /);
    expect(read(failed?.kept ?? '')).toBe(REPORT);
  });

  test('a file that the program has created meanwhile is kept', async () => {
    await expect(
      writeOutput({ file: file('r'), kind: 'report' }, (fd) => {
        writeSync(fd, REPORT);
        file('r', 'the result of hours');
      }),
    ).rejects.toThrow('It was kept as');
    expect(read(file('r'))).toBe('the result of hours');
    expect(readdirSync(at).filter((name) => !name.endsWith('.part'))).toEqual(['r']);
  });

  test('a file that cannot be created leaves nothing behind, and the reason is reported', async () => {
    const failed = await writeOutput({ file: file('r', BEFORE), kind: 'report' }, () => {
      throw new Error('the disk is full');
    }).catch((error: unknown) => error as OutputError);
    expect(failed).toMatchObject({ kept: null });
    expect(failed?.message).toMatch(/the disk is full\. Nor could it be kept elsewhere: the disk is full\./);
    expect(read(file('r'))).toBe(BEFORE);
    expect([...readdirSync(at), ...readdirSync(temporary)]).toEqual(['r']);
  });
});

/** A separate program that writes a report: PATH KIND (hurry) (SPACES). */
async function writer(): Promise<string> {
  const script = place.path('write.cjs');
  if (!existsSync(script))
    await build({
      stdin: {
        contents: `import { outputProblem, writeOutput } from './output';
            import { stopWaiting } from './stream';
            const output = { file: process.argv[2], kind: process.argv[3] ?? 'report' };
            const problem = outputProblem([output]);
            const { writeSync } = require('node:fs');
            if (problem !== null) { console.error(problem); process.exit(2); }
            process.once('SIGTERM', () => (process.argv[4] === 'hurry' ? stopWaiting() : process.exit(9)));
            writeOutput(output, (fd) => void writeSync(fd, ${JSON.stringify(REPORT)} + " ".repeat(Number(process.argv[5] ?? 0))), 60000)
              .then(() => process.stdout.write('after\\n'), (error) => { console.error(error.message); process.exitCode = 1; });`,
        resolveDir: join(import.meta.dirname, '../../../../server/engine/files'),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      outfile: script,
    });
  return script;
}

describe.runIf(process.platform === 'linux')('descriptors, of a process that was started with them', () => {
  /** Writes a report to the path in a separate Node process, with `redirection` in shell syntax. */
  async function redirected(path: string, redirection: string): Promise<{ status: number | null; out: string }> {
    const script = await writer();
    const command = `echo before; "${process.execPath}" "${script}" ${path} ${redirection}`;
    const run = spawnSync('bash', ['-c', command], { cwd: at, encoding: 'utf8', timeout: 20_000 });
    return { status: run.status, out: run.stdout + run.stderr };
  }

  test('/dev/stdout as a pipe and as a file, a descriptor of the shell, >(…)', async () => {
    const whole = `before\n${REPORT}after\n`;
    expect(await redirected('/dev/stdout', '| cat')).toEqual({ status: 0, out: whole });
    await redirected('/dev/stdout', '> o; echo end >> o');
    expect(read(file('o'))).toBe(`${REPORT}after\nend\n`);
    await redirected('/dev/fd/3', '3> three');
    expect(read(file('three'))).toBe(REPORT);
    await redirected('>(cat > pipe; touch done)', '');
    await until('its reader has ended', () => existsSync(file('done')) || undefined);
    expect(read(file('pipe'))).toBe(REPORT);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('not one that was not inherited or is read-only, nor a terminal for a recording', async () => {
    for (const fd of [3, 4, 5, 6, 7, 8, 9, 50]) {
      const { status, out } = await redirected(`/dev/fd/${fd}`, '');
      expect([status, out], String(fd)).toEqual([2, expect.stringMatching(/cannot be written/)]);
    }
    file('in', 'x');
    expect((await redirected('/dev/fd/3', '3< in')).status).toBe(2);
  });

  test('a signal ends the wait for a reader, and the place of the contents is reported', async () => {
    execFileSync('mkfifo', [file('f')]);
    const child = spawn(process.execPath, [await writer(), file('f')], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = text(child);
    await until(
      'it waits',
      () => readdirSync(temporary).some((name) => name.startsWith('forkscope-kept')) || undefined,
    );
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([9, null]);
    expect(said()).toMatch(/could not be written to .*Forkscope was ended\. It was kept as (.*)\.\n/);
  });
});

describe.runIf(process.platform === 'linux')('a request to end', () => {
  test.each([
    ['without a reader', null, /nobody reads from it/],
    ['whose reader takes nothing', 'sleep 60 < f', /its reader takes nothing|its reader has gone/],
  ])('ends the wait for a FIFO %s', async (_name, reader, said) => {
    const script = await writer();
    execFileSync('mkfifo', [file('f')]);
    const other = reader === null ? null : spawn('sh', ['-c', `exec ${reader}`], { cwd: at });
    const child = spawn(process.execPath, [script, file('f'), 'report', 'hurry', '200000'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = text(child);
    await until(
      'it waits',
      () => readdirSync(temporary).some((name) => name.startsWith('forkscope-kept')) || undefined,
    );
    // The pipe takes what fits into it; the rest waits.
    if (other !== null) await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(output()).toMatch(said);
    expect(output()).toMatch(/It was kept as/);
    other?.kill('SIGKILL');
  });
});

function text(child: ChildProcess): () => string {
  let all = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (all += String(data)));
  return () => all;
}
