/** Line breakpoints in every process, by debugpy, through `forkscope dap`; on the oldest Python and the newest. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildServer } from '../shared/built';
import { Editor } from './client';
import { debugpyFor } from './debugpy';
import { pythons } from './pythons';

let built: string;
let folder: string;
const editors: Editor[] = [];
beforeAll(async () => {
  built = await buildServer();
  folder = mkdtempSync(join(tmpdir(), 'forkscope-lines-test-'));
});
afterEach(async () => {
  for (const editor of editors.splice(0)) await editor.end();
});
afterAll(() => {
  rmSync(built, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

let scripts = 0;
function write(text: string): string {
  scripts += 1;
  const program = join(folder, `lines${scripts}.py`);
  writeFileSync(program, text);
  return program;
}
const lineOf = (program: string, part: string): number =>
  readFileSync(program, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(part)) + 1;

function start(): Editor {
  const editor = Editor.start(join(built, 'cli.js'));
  editors.push(editor);
  return editor;
}

/** Ways to start a process that runs `work`, each with the possible names of its row. */
const WAYS: Record<string, string> = {
  fork: 'Process("fork")',
  spawn: 'Process("spawn")',
  forkserver: 'Process("forkserver")',
  'os.fork': `
    pid = os.fork()
    if pid == 0:
        work(1)
        os._exit(0)
    os.waitpid(pid, 0)`,
  Pool: `
    with multiprocessing.get_context("fork").Pool(2) as pool:
        pool.map(work, [1], chunksize=1)`,
  ProcessPoolExecutor: `
    import concurrent.futures
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        list(pool.map(work, [1]))`,
  subprocess: `
    import subprocess
    subprocess.check_call([sys.executable, __file__, "child"])`,
  'a shell between': `
    import subprocess
    subprocess.check_call('true; "%s" "%s" child' % (sys.executable, __file__), shell=True)`,
  'fork and exec': `
    pid = os.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, __file__, "child"])
    os.waitpid(pid, 0)`,
  'a fork of a fork': `
    pid = os.fork()
    if pid == 0:
        inner = os.fork()
        if inner == 0:
            work(1)
            os._exit(0)
        os.waitpid(inner, 0)
        os._exit(0)
    os.waitpid(pid, 0)`,
};

function program(way: string): string {
  const body = /^Process\("(\w+)"\)$/.exec(way);
  const run = body
    ? `
    context = multiprocessing.get_context("${body[1]}")
    child = context.Process(target=work, args=(1,), name="child-1")
    child.start()
    child.join()
    assert child.exitcode == 0, child.exitcode`
    : way;
  return write(`import multiprocessing, os, sys
def work(number):
    doubled = number * 2
    print("worked", doubled, flush=True)  # here
    return doubled
def main():
${run}
    print("done", flush=True)
if __name__ == "__main__":
    if sys.argv[1:] == ["child"]:
        work(1)
    else:
        main()
`);
}

describe.each(pythons())('Python $version', ({ path: python, version }) => {
  const debugpy = debugpyFor(python);
  const needs = test.skipIf(debugpy === null);

  needs.each(Object.keys(WAYS))(
    'a line is hit in a child by %s, in its own stack, and nothing changes',
    async (way) => {
      const file = program(WAYS[way] ?? '');
      const editor = start();
      await editor.begin(
        { program: file, python, lineDebugging: 'on', debugpy },
        { lines: { file, breakpoints: [{ line: lineOf(file, '# here') }] } },
      );
      const stop = await editor.place();
      expect([stop.line, stop.description, stop.reason]).toEqual([4, 'Paused on breakpoint', 'breakpoint']);
      if (/^Process/.test(WAYS[way] ?? '')) expect(stop.name).toBe('child-1');
      expect(await editor.evaluate(stop, 'doubled * 100')).toBe('200');
      expect((await editor.scope(stop, 'Locals'))['doubled']).toBe('2');
      const { threads } = (await editor.threadsRequest()).body;
      expect(threads.filter((each) => /resource|forkserver/.test(each.name))).toEqual([]);
      await editor.nextRequest({ threadId: stop.threadId });
      const next = await editor.place();
      expect([next.threadId, next.line, next.reason]).toEqual([stop.threadId, 5, 'step']);
      await editor.continueRequest({ threadId: stop.threadId });
      const { body } = await editor.take('exited');
      await editor.take('terminated');
      // At exit, Python 3.8's executor may wake a thread that is already gone, if that thread is slow (fixed in 3.9).
      const late = /^Error in atexit._run_exitfuncs:\n(?: .*\n|Traceback .*\n)*OSError: handle is closed\n/m;
      const output = version.startsWith('3.8.') ? editor.output().replace(late, '') : editor.output();
      expect([body.exitCode, output]).toEqual([0, 'worked 2\ndone\n']);
    },
  );

  needs('the main process too, with an edited value, and a condition', async () => {
    const file = write('for n in range(5):\n    x = n\n    print(x, flush=True)\n');
    const editor = start();
    await editor.begin(
      { program: file, python, lineDebugging: 'on', debugpy },
      { lines: { file, breakpoints: [{ line: 3, condition: 'n == 3' }] }, filters: ['uncaught'] },
    );
    expect(editor.filters.map((each) => each.verified)).toEqual([true]);
    const stop = await editor.place();
    const { scopes } = (await editor.scopesRequest({ frameId: stop.frameId })).body;
    const reference = scopes[0]?.variablesReference ?? 0;
    await editor.setVariableRequest({ variablesReference: reference, name: 'x', value: '30' });
    await editor.continueRequest({ threadId: stop.threadId });
    await editor.take('terminated');
    expect(editor.output()).toBe('0\n1\n2\n30\n4\n');
    expect(editor.events.some((each) => each.event === 'breakpoint' && each.body.breakpoint.verified)).toBe(true);
  });

  needs('messages and lines in one program: each pause has its own kind of step', async () => {
    const file = write(`import multiprocessing
def consume(tasks):
    item = tasks.get()
    total = item * 2
    print(total, flush=True)
if __name__ == "__main__":
    tasks = multiprocessing.Queue()
    consumer = multiprocessing.Process(target=consume, args=(tasks,), name="consumer")
    consumer.start()
    tasks.put(21)
    consumer.join()
`);
    const editor = start();
    await editor.begin(
      { program: file, python, lineDebugging: 'on', debugpy },
      { functions: [{ name: 'tasks.put' }], lines: { file, breakpoints: [{ line: 5 }] } },
    );
    const put = await editor.place();
    expect([put.description, put.line]).toEqual(['Paused on put of tasks', 10]);
    await editor.stepInRequest({ threadId: put.threadId });
    const get = await editor.place();
    expect([get.name, get.description, get.line]).toEqual(['consumer', 'Paused on get of tasks', 3]);
    await editor.continueRequest({ threadId: get.threadId });
    const line = await editor.place();
    expect([line.name, line.description, line.line]).toEqual(['consumer', 'Paused on breakpoint', 5]);
    expect(await editor.evaluate(line, 'total')).toBe('42');
    await editor.continueRequest({ threadId: line.threadId });
    await editor.take('terminated');
    expect(editor.output()).toBe('42\n');
  });

  needs('eight children pause within a second of each other', async () => {
    const file = write(`import multiprocessing, time
def work(gate):
    gate.wait()
    x = 1
    print(x)  # here
if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(8)
    all = [context.Process(target=work, args=(gate,), name="w%d" % n) for n in range(8)]
    for each in all: each.start()
    for each in all: each.join()
`);
    const editor = start();
    await editor.begin(
      { program: file, python, lineDebugging: 'on', debugpy },
      { lines: { file, breakpoints: [{ line: lineOf(file, '# here') }] } },
    );
    const names = new Set<string>();
    let first = 0;
    for (let n = 0; n < 8; n++) {
      const stop = await editor.place();
      first ||= Date.now();
      names.add(stop.name);
    }
    expect([...names].sort()).toEqual(['w0', 'w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7']);
    expect(Date.now() - first).toBeLessThan(1000);
    await editor.terminateRequest();
    await editor.take('terminated');
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(file);
  });

  needs('a killed server lets processes paused at a line continue', async () => {
    const file = program(WAYS['fork'] ?? '');
    const mark = `${file}.txt`;
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('print("done", flush=True)', `open(${JSON.stringify(mark)}, "w").close()`),
    );
    const editor = start();
    await editor.begin(
      { program: file, python, lineDebugging: 'on', debugpy },
      { lines: { file, breakpoints: [{ line: 4 }] } },
    );
    await editor.place();
    editor.process.kill('SIGKILL');
    while (!existsSync(mark)) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  needs(
    'when the server is gone and somebody else has its port, nobody is obeyed and the program ends as it would have',
    async () => {
      const file = write(`import os, subprocess, sys, time
if sys.argv[1:] == ["child"]:
    sys.exit(0)
print("session", os.environ["FORKSCOPE_SESSION"], flush=True)
while not os.path.exists(__file__ + ".go"):
    time.sleep(0.01)
code = subprocess.call([sys.executable, __file__, "child"], stderr=open(__file__ + ".err", "w"))
pid = os.fork()
if pid == 0:
    os._exit(7)
status = os.waitpid(pid, 0)[1] >> 8
with open(__file__ + ".part", "w") as result:
    result.write("%d %d" % (code, status))
os.rename(__file__ + ".part", __file__ + ".txt")
`);
      const editor = start();
      await editor.begin({ program: file, python, lineDebugging: 'on', debugpy });
      while (!editor.output().includes('\n')) await editor.take('output');
      const session = /session (.*)/.exec(editor.output())?.[1] ?? '';
      const { port, word } = JSON.parse(readFileSync(join(session, 'lines.json'), 'utf8'));
      editor.process.kill('SIGKILL');
      await once(editor.process, 'close');
      const heard: string[] = [];
      const thief = createServer((socket) => {
        socket.on('data', (chunk) => heard.push(String(chunk)));
        socket.on('error', () => socket.destroy());
        const request = JSON.stringify({ seq: 1, type: 'request', command: 'pydevdSystemInfo', arguments: {} });
        socket.write(`Content-Length: ${request.length}\r\n\r\n${request}${' '.repeat(200)}`);
      });
      thief.listen(port, '127.0.0.1');
      await once(thief, 'listening');
      writeFileSync(`${file}.go`, '');
      while (!existsSync(`${file}.txt`)) await new Promise((resolve) => setTimeout(resolve, 20));
      thief.close();
      expect(readFileSync(`${file}.txt`, 'utf8')).toBe('0 7');
      expect(readFileSync(`${file}.err`, 'utf8')).toBe('');
      expect(heard.length).toBeGreaterThan(0);
      for (const each of heard) expect(each).toMatch(/^forkscope [0-9a-f]{32}\n$/);
      expect(heard.join('')).not.toContain(word);
      rmSync(session, { recursive: true });
    },
  );

  needs('a process killed while paused at a line is gone; the others end as they would have', async () => {
    const file = program(WAYS['fork'] ?? '');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/ {4}assert.*/, '    print(child.exitcode, flush=True)'));
    const editor = start();
    await editor.begin(
      { program: file, python, lineDebugging: 'on', debugpy },
      { lines: { file, breakpoints: [{ line: 4 }] } },
    );
    const stop = await editor.place();
    const { threads } = (await editor.threadsRequest()).body;
    process.kill(
      Number(/pid (\d+)/.exec(threads.find((each) => each.id === stop.threadId)?.name ?? '')?.[1]),
      'SIGKILL',
    );
    await editor.take('terminated');
    expect(editor.output()).toBe('-9\ndone\n');
  });
});

describe('a failing debugpy', () => {
  test('is reported once, with the process and the reason; the program runs as it would have', async () => {
    const home = mkdtempSync(join(folder, 'broken-'));
    mkdirSync(join(home, 'debugpy', 'server'), { recursive: true });
    writeFileSync(join(home, 'debugpy', '__init__.py'), 'def connect(*a, **k): raise RuntimeError("no wings")\n');
    writeFileSync(join(home, 'pydevd.py'), 'start_client = settrace_forked = print\n');
    for (const name of ['__init__', 'api']) writeFileSync(join(home, 'debugpy', 'server', `${name}.py`), '');
    const file = write(`import subprocess, sys
print("parent", flush=True)
for n in range(2):
    subprocess.check_call([sys.executable, "-c", "print('child', flush=True)"])
`);
    const editor = start();
    const python = pythons().at(-1)?.path;
    await editor.begin({ program: file, python, lineDebugging: 'on', debugpy: join(home, 'debugpy') });
    const { body } = await editor.take('forkscope/lineDebuggerFailed');
    await editor.take('terminated');
    expect(body).toMatchObject({ reason: 'RuntimeError: no wings', process: expect.stringMatching(/ \(pid \d+\)$/) });
    const said = editor.events.filter((each) => each.event === 'output' && each.body.category === 'console');
    expect(said.map((each) => each.body.output)).toEqual([
      expect.stringMatching(
        /did not start in .*\.py \(pid \d+\): RuntimeError: no wings\. .*pip install.*lineDebugging/,
      ),
    ]);
    const printed = editor.events.filter((each) => each.event === 'output' && each.body.category === 'stdout');
    expect(printed.map((each) => each.body.output).join('')).toBe('parent\nchild\nchild\n');
  });
});

/** A debugpy that reads `FAKE_STEP` messages of the adapter, answers all but the last, and ends its process. */
const FAKE_CONNECT = `
import json, os
import pydevd
def connect(address):
    steps = int(os.environ.get("FAKE_STEP", "-1"))
    if steps < 0:
        return
    channel = pydevd.start_client(*address)
    file = channel.makefile("rb")
    for step in range(steps):
        length = 0
        while True:
            line = file.readline().strip()
            if not line:
                break
            if line.lower().startswith(b"content-length"):
                length = int(line.split(b":")[1])
        request = json.loads(file.read(length).decode())
        if step == steps - 1:
            break
        body = {"process": {"pid": os.getpid()}}
        answer = {"type": "response", "seq": step, "request_seq": request["seq"], "command": request["command"], "success": True, "body": body}
        text = json.dumps(answer).encode()
        channel.sendall(b"Content-Length: %d\\r\\n\\r\\n" % len(text) + text)
    if os.environ.get("FAKE_GARBAGE"):
        channel.sendall(b"HTTP/1.1 200 OK\\r\\n\\r\\n")
    os._exit(40 + steps)
`;

describe('a process that ends while its debugpy connects', () => {
  test.each(['', '1'])(
    'does not affect the adapter, at each step of the exchange (with garbage last: %j)',
    async (garbage) => {
      const home = mkdtempSync(join(folder, 'ending-'));
      mkdirSync(join(home, 'debugpy', 'server'), { recursive: true });
      writeFileSync(join(home, 'debugpy', '__init__.py'), FAKE_CONNECT);
      writeFileSync(join(home, 'pydevd.py'), 'start_client = settrace_forked = print\n');
      for (const name of ['__init__', 'api']) writeFileSync(join(home, 'debugpy', 'server', `${name}.py`), '');
      const file = write(`import os, subprocess, sys
for step in range(7):
    child = [sys.executable, "-c", "pass"]
    codes = [subprocess.call(child, env=dict(os.environ, FAKE_STEP=str(step), FAKE_GARBAGE="${garbage}")) for n in range(3)]
    assert codes == [40 + step] * 3, codes
print("all", flush=True)
`);
      const editor = start();
      await editor.begin(
        { program: file, python: pythons().at(-1)?.path, lineDebugging: 'on', debugpy: join(home, 'debugpy') },
        { lines: { file, breakpoints: [{ line: 2 }] }, filters: ['uncaught'] },
      );
      const { body } = await editor.take('exited');
      await editor.take('terminated');
      expect([body.exitCode, editor.output()]).toEqual([0, 'all\n']);
      // Still there, and answering.
      await editor.threadsRequest();
    },
  );
});

describe('on a busy machine', () => {
  const python = pythons().at(-1)?.path ?? '';
  const debugpy = debugpyFor(python);
  let busy: ChildProcess[] = [];
  afterEach(() => {
    for (const each of busy) each.kill('SIGKILL');
    busy = [];
  });

  test.skipIf(debugpy === null)(
    'short pools, whose workers end while debugpy connects, end as they do without',
    async () => {
      busy = [1, 2, 3, 4].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
      const file = write(`import multiprocessing
def work(number):
    return number
if __name__ == "__main__":
    for _ in range(4):
        with multiprocessing.get_context("fork").Pool(4) as pool: pool.map(work, range(2))
    print("end", flush=True)
`);
      const editor = start();
      await editor.begin(
        { program: file, python, lineDebugging: 'on', debugpy },
        { lines: { file, breakpoints: [{ line: 3, condition: 'False' }] } },
      );
      const { body } = await editor.take('exited');
      await editor.take('terminated');
      expect([body.exitCode, editor.output()]).toEqual([0, 'end\n']);
      await editor.threadsRequest();
    },
  );
});

describe('without debugpy', () => {
  const bare = pythons().find(({ path }) => spawnSync(path, ['-c', 'import debugpy']).status !== 0);
  test.skipIf(bare === undefined)(
    'the session says so once, with the command, and messages can be stopped at',
    async () => {
      const file = write(
        'import multiprocessing\ntasks = multiprocessing.SimpleQueue()\ntasks.put(1)\nprint(tasks.get())\n',
      );
      const editor = start();
      await editor.begin(
        { program: file, python: bare?.path, lineDebugging: 'auto' },
        { lines: { file, breakpoints: [{ line: 3 }] } },
      );
      const stop = await editor.place();
      expect([stop.description, stop.line]).toEqual(['Paused on put of tasks', 3]);
      await editor.continueRequest({ threadId: stop.threadId });
      await editor.take('terminated');
      expect(editor.output().match(/pip install --upgrade debugpy/g)?.length).toBe(1);
    },
  );

  test.skipIf(bare === undefined)('"on" refuses to start', async () => {
    const editor = start();
    await expect(editor.begin({ program: write('pass\n'), python: bare?.path, lineDebugging: 'on' })).rejects.toThrow(
      /debugpy/,
    );
  });
});
