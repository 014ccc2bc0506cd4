/** Line debugging of children: what debugpy alone lacks, and what must not change. */
import { describe, expect, test } from 'vitest';
import { debugpyFor } from './debugpy';
import { pythons } from './pythons';
import { runThrough, setup } from './setup';

const at = setup();

/** Ways in which a child ends; `bad` raises. */
const ENDS = `import multiprocessing, os, sys
def bad(number):
    raise ValueError(number)  # here
def handled():
    try:
        bad(1)
    except ValueError:
        pass
class Own(multiprocessing.Process):
    def run(self):
        bad(2)
def start(child):
    child.start()
    child.join()
    print(child.exitcode, flush=True)
if __name__ == "__main__":
    how, method = sys.argv[1:]
    context = multiprocessing.get_context(method)
    if how == "target":
        start(context.Process(target=bad, args=(3,)))
    elif how == "class":
        start(Own())
    elif how == "handled":
        start(context.Process(target=handled))
    elif how == "exit":
        start(context.Process(target=sys.exit, args=(0,)))
    elif how == "os.fork":
        child = os.fork()
        if child == 0:
            bad(4)
        print(os.waitpid(child, 0)[1] >> 8, flush=True)
    elif how == "pool":
        with context.Pool(1) as pool:
            try:
                pool.apply(bad, (5,))
            except ValueError:
                print("back", flush=True)
`;
const FORKPTY = `import os, pty, sys
def output_of(argv):
    child, fd = pty.fork()
    if child == 0:
        os.execvp(argv[0], argv)
    text = b""
    while True:
        try:
            chunk = os.read(fd, 1000)
        except OSError:
            break
        if not chunk:
            break
        text += chunk
    return os.waitpid(child, 0)[1], text
if sys.argv[1:] == ["child"]:
    print("in the child")  # here
else:
    print(output_of(["echo", "hi"]), output_of([sys.executable, __file__, "child"]), flush=True)
`;

describe.each(pythons())('Python $version', ({ path: python }) => {
  const debugpy = debugpyFor(python);
  const needs = test.skipIf(debugpy === null);
  const lineOf = (text: string, part: string): number => text.split('\n').findIndex((each) => each.includes(part)) + 1;
  const launch = { python, lineDebugging: 'on', debugpy };

  needs.each([
    ['target', 'fork', true],
    ['target', 'spawn', true],
    ['class', 'fork', true],
    ['os.fork', 'fork', true],
    ['handled', 'fork', false],
    ['exit', 'fork', false],
    ['pool', 'fork', false],
  ])('an exception by %s in a child by %s: uncaught %s', async (how, method, uncaught) => {
    const editor = at.start();
    await editor.begin({ ...launch, program: at.script(ENDS), args: [how, method] }, { filters: ['uncaught'] });
    const stops = await runThrough(editor, async (stop) => {
      expect((await editor.exceptionInfoRequest({ threadId: stop.threadId })).body.exceptionId).toMatch(/ValueError/);
    });
    expect(stops.map(([, description, line]) => [description, line])).toEqual(
      uncaught ? [['Paused on exception', lineOf(ENDS, '# here')]] : [],
    );
    const said = editor.events.filter((each) => each.event === 'output' && each.body.category === 'stdout');
    const code = how === 'pool' ? 'back' : uncaught ? '1' : '0';
    expect(said.map((each) => each.body.output).join('')).toBe(`${code}\n`);
  });

  needs.each([
    ['raised', [3, 6, 3]],
    ['uncaught', [3]],
  ])('exceptions in a forked child and its threads pause as in the first process: %s', async (filter, lines) => {
    const text = `import os, threading
def bad():
    raise ValueError
def handled():
    try:
        bad()
    except ValueError:
        pass
def all():
    handled()
    thread = threading.Thread(target=bad)
    thread.start()
    thread.join()
if os.fork() == 0:
    all()
    os._exit(0)
os.wait()
`;
    const editor = at.start();
    await editor.begin({ ...launch, program: at.script(text) }, { filters: [filter] });
    for (const line of lines) {
      // Not the threads that are paused only because their process is.
      const { body } = await editor.take(
        'stopped',
        ({ preserveFocusHint }: { preserveFocusHint?: boolean }) => !preserveFocusHint,
      );
      const { stackFrames } = (await editor.stackTraceRequest({ threadId: body.threadId })).body;
      expect([body.reason, stackFrames[0]?.line]).toEqual(['exception', line]);
      await editor.continueRequest({ threadId: body.threadId });
    }
    await editor.take('terminated');
  });

  needs('a child of os.forkpty executes programs as without Forkscope, and pauses at its lines', async () => {
    const file = at.script(FORKPTY);
    const editor = at.start();
    const line = lineOf(FORKPTY, '# here');
    await editor.begin({ ...launch, program: file }, { lines: { file, breakpoints: [{ line }] } });
    const begun = performance.now();
    expect((await runThrough(editor)).map((stop) => stop[2])).toEqual([line]);
    expect(editor.output()).toBe("(0, b'hi\\r\\n') (0, b'in the child\\r\\n')\n");
    // debugpy alone waits 5 s for each folder of the PATH.
    expect(performance.now() - begun).toBeLessThan(Number(process.env['PATH']?.split(':').length) * 5000);
  });

  needs('code between fork and exec is not paused by a breakpoint that no debugger could resume', async () => {
    const text = `import subprocess
def between():
    between.ran = True  # here
subprocess.check_call(["echo", "hi"], preexec_fn=between)
between()
print("end", flush=True)
`;
    const file = at.script(text);
    const editor = at.start();
    const line = lineOf(text, '# here');
    await editor.begin({ ...launch, program: file }, { lines: { file, breakpoints: [{ line }] } });
    expect((await runThrough(editor)).map((stop) => stop[2])).toEqual([line]);
    expect(editor.output()).toBe('hi\nend\n');
  });

  needs(
    'breakpoint() stops where it is called, in a forked child too, though the process ends on the same line',
    async () => {
      const text = `import os
def child():
    if os.fork() == 0:
        value = 1
        breakpoint(); os._exit(0)
    os.wait()
def called(value):
    breakpoint()
    more = value + 1
    return more
child()
called(1)
breakpoint(); print("end", flush=True)
`;
      const editor = at.start();
      await editor.begin({ ...launch, program: at.script(text) });
      const first = await editor.place();
      expect([first.line, await editor.evaluate(first, 'value')]).toEqual([5, '1']);
      await editor.continueRequest({ threadId: first.threadId });
      for (const line of [8, 9, 10]) {
        const { threadId, line: at } = await editor.place();
        expect(at).toBe(line);
        await editor.nextRequest({ threadId });
      }
      const back = await editor.place();
      expect([12, 13]).toContain(back.line);
      await editor.continueRequest({ threadId: back.threadId });
      expect((await runThrough(editor)).map((stop) => stop[2])).toEqual([13]);
      expect(editor.output()).toBe('end\n');
    },
  );

  needs('a failing condition is reported once for its breakpoint, and does not pause', async () => {
    const text = `import multiprocessing
def work(number):
    total = number
    return total
if __name__ == "__main__":
    for method in ("fork", "spawn"):
        with multiprocessing.get_context(method).Pool(2) as pool:
            pool.map(work, range(6))
`;
    const file = at.script(text);
    const editor = at.start();
    const breakpoints = [
      { line: 3, condition: 'missing > 1' },
      { line: 4, condition: 'number / 0' },
    ];
    const set = await editor.begin({ ...launch, program: file }, { lines: { file, breakpoints } });
    expect(set.length).toBe(2);
    expect(await runThrough(editor)).toEqual([]);
    const said = editor.events.filter((each) => each.event === 'output').map((each) => each.body);
    expect(said.map((each) => [each.category, each.line, each.output]).sort()).toEqual([
      ['console', 3, expect.stringMatching(/missing > 1 \(NameError: name 'missing' is not defined, in .*pid \d+\)/)],
      ['console', 4, expect.stringMatching(/number \/ 0 \(ZeroDivisionError: division by zero/)],
    ]);
  });
});
