/**
 * What pauses a process, which others are frozen then, and what happens when the debugger goes away; on real Pythons
 * under every start method.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pythons } from './pythons';
import { runThrough, setup } from './setup';

const files = setup();
const { start, script } = files;

for (const python of pythons())
  for (const method of python.methods) stops(python.path, `Python ${python.version}, ${method}`, method);

function stops(python: string, title: string, method: string): void {
  const launch = (text: string) => ({ program: script(text), python, args: [method] });

  describe(`${title}: filters`, () => {
    test('starts, forks, exits with an error, limits, ends of file and unpicklable items', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, os, queue, sys
def fail():
    sys.stderr = open(os.devnull, "w")
    raise ValueError
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    child = context.Process(target=fail, name="clumsy")
    child.start()
    child.join()
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    small = context.Queue(1)
    small.put(1)
    try:
        small.put(2, timeout=0.01)
    except queue.Full:
        pass
    small.get()
    here, there = context.Pipe()
    there.close()
    try:
        here.recv()
    except EOFError:
        pass
    sys.stderr = open(os.devnull, "w")
    small.put(lambda: 0)
    print("done")
`),
        { filters: ['start', 'badEnd', 'limit', 'broken', 'unpicklable'] },
      );
      const seen = await runThrough(editor);
      expect(seen.map(([, description, line]) => [description, line])).toEqual([
        ['Paused on start of clumsy', 8],
        ['Paused on error exit of clumsy', 9],
        ['Paused on fork', 10],
        ['Paused on Full of small', 17],
        ['Paused on EOFError of here', 24],
        ['Paused on put of what cannot be pickled: small', 28],
      ]);
      expect(editor.output()).toBe('done\n');
    });

    test('a filter with a condition; a failing condition pauses and reports the error', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing
tasks = multiprocessing.SimpleQueue()
for number in range(3):
    tasks.put(number)
print([tasks.get() for each in range(3)])
`),
        {
          filterOptions: [
            { filterId: 'send', condition: 'message > 1' },
            { filterId: 'receive', condition: 'nonsense' },
          ],
        },
      );
      const put = await editor.place();
      expect([put.description, put.line, await editor.evaluate(put, 'number')]).toEqual([
        'Paused on put of tasks',
        4,
        '2',
      ]);
      await editor.continueRequest({ threadId: put.threadId });
      const { body } = await editor.take('stopped');
      expect(body.text).toMatch(/NameError.*nonsense/);
      await editor.continueRequest({ threadId: 1 });
      await editor.setExceptionBreakpointsRequest({ filters: [] });
      const seen = await runThrough(editor);
      expect(seen.length).toBeLessThan(2); // one may have been in progress
      expect(editor.output()).toBe('[0, 1, 2]\n');
    });
  });

  describe(`${title}: pools`, () => {
    test('at the submission in the parent, at the start and the end of a task in the worker', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, sys
def double(x):
    return x * 2
if __name__ == "__main__":
    with multiprocessing.get_context(sys.argv[1]).Pool(1) as workers:
        print(workers.apply(double, (4,)), workers.map(double, [1, 2], chunksize=2))
`),
        { functions: [{ name: 'workers.map' }, { name: 'workers.apply' }, { name: 'double', hitCondition: '<= 2' }] },
      );
      const seen = await runThrough(editor);
      expect(seen).toEqual([
        [expect.stringMatching(/^program/), 'Paused on apply of workers', 6],
        [expect.stringMatching(/PoolWorker-1$/), 'Paused on the start of double', 2],
        [expect.stringMatching(/PoolWorker-1$/), 'Paused on the end of double', 2],
        [expect.stringMatching(/^program/), 'Paused on map of workers', 6],
      ]);
      expect(editor.output()).toBe('8 [2, 4]\n');
    });
  });

  const TALK = `import multiprocessing, sys, time
def talk(name, box):
    for number in range(1000):
        box.put((name, number))
        time.sleep(0.005)
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    boxes = [context.SimpleQueue() for each in range(2)]
    talkers = [context.Process(target=talk, args=(n, boxes[n]), name="talker-%d" % n, daemon=True) for n in range(2)]
    for each in talkers:
        each.start()
    seen = 0
    while seen < 400:
        for box in boxes:
            if seen < 400 and not box.empty():
                box.get()
                seen += 1
        time.sleep(0.001)
    print("seen", seen)
`;

  describe(`${title}: frozen processes`, () => {
    test('pause stops one process at its next operation and no other', async () => {
      const editor = start();
      await editor.begin(launch(TALK));
      await editor.row('talker-1');
      await editor.row('talker-0');
      const { threads } = (await editor.threadsRequest()).body;
      const one = threads.find((each) => each.name.startsWith('talker-0'))?.id ?? 0;
      await editor.pauseRequest({ threadId: one });
      const stop = await editor.place();
      expect([stop.name, stop.description, stop.reason, stop.line]).toEqual([
        'talker-0',
        'Paused on put of SimpleQueue-1',
        'pause',
        4,
      ]);
      await editor.take('terminated'); // the other and the main process ran to their end
      expect(editor.output()).toBe('seen 400\n');
    });

    test('a blocked process is shown where it is blocked', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing
tasks = multiprocessing.Queue()
print("waiting", flush=True)
tasks.get()
`),
      );
      await editor.take('thread');
      await editor.take('output', (body: { output: string }) => body.output.includes('waiting'));
      // A wait counts after a while; until then a pause stops at the next operation.
      while (!editor.events.some((each) => each.event === 'stopped')) {
        await editor.pauseRequest({ threadId: 1 });
        await editor.threadsRequest();
      }
      const { body } = await editor.take('stopped');
      expect([body.description, body.reason]).toEqual([
        expect.stringMatching(/^blocked in tasks\.get\(\) for [\d.]+ s$/),
        'pause',
      ]);
      const { stackFrames } = (await editor.stackTraceRequest({ threadId: 1 })).body;
      expect(stackFrames.map((each) => [each.name, each.line])).toEqual([['<module>', 4]]);
      expect((await editor.scopesRequest({ frameId: stackFrames[0]?.id ?? 0 })).body.scopes).toEqual([]);
      await editor.terminateRequest();
      await editor.take('terminated');
    });

    test('freezing the others suspends them until they are released', async () => {
      const editor = start();
      await editor.begin(launch(TALK));
      await editor.row('talker-1');
      await editor.row('talker-0');
      const { threads } = (await editor.threadsRequest()).body;
      const main = threads.find((each) => each.name.startsWith('program'))?.id ?? 0;
      expect((await editor.customRequest('forkscope/freezeOthers', { threadId: main })).body).toEqual({ held: true });
      const held = [await editor.place(), await editor.place()];
      expect(held.map((each) => [each.name, each.description]).sort()).toEqual([
        ['talker-0', 'Held'],
        ['talker-1', 'Held'],
      ]);
      expect((await editor.customRequest('forkscope/freezeOthers', { threadId: main })).body).toEqual({ held: false });
      await editor.take('terminated');
      expect(editor.output()).toBe('seen 400\n');
    });

    test('several threads of one process are shown one after the other', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, threading
box = multiprocessing.SimpleQueue()
threads = [threading.Thread(target=box.put, args=(n,)) for n in range(3)]
for each in threads: each.start()
for each in threads: each.join()
print(sorted(box.get() for each in range(3)))
`),
        { functions: [{ name: 'Thread.put' }, { name: 'box' }] },
      );
      for (let count = 0; count < 6; count++) {
        const { body } = await editor.take('stopped');
        await editor.continueRequest({ threadId: body.threadId });
        await editor.take('continued');
        if (editor.output() !== '') break;
        if (count === 2) await editor.setFunctionBreakpointsRequest({ breakpoints: [] });
        if (count === 2) break;
      }
      await editor.take('terminated');
      expect(editor.output()).toBe('[0, 1, 2]\n');
    });
  });

  describe(`${title}: when the debugger goes away`, () => {
    const SLOW = `import multiprocessing, pathlib, sys
box = multiprocessing.Queue()
box.put(1)
box.put(2)
pathlib.Path(sys.argv[2]).write_text(str(box.get() + box.get()))
`;
    async function until(what: () => boolean): Promise<void> {
      while (!what()) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const content = (file: string): string => {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return '';
      }
    };

    test('a killed server lets every paused process continue', async () => {
      const editor = start();
      const file = join(files.folder, 'killed.txt');
      rmSync(file, { force: true }); // of another Python
      await editor.begin({ ...launch(SLOW), args: [method, file] }, { functions: [{ name: 'box.put' }] });
      await editor.place();
      editor.process.kill('SIGKILL');
      await until(() => content(file) === '3');
    });

    test('an impostor on the socket receives no data and is not obeyed', async () => {
      const editor = start();
      const [gate, file] = [`gate-${method}`, `strange-${method}`].map((each) => join(files.folder, each)) as [
        string,
        string,
      ];
      for (const each of [gate, file]) rmSync(each, { force: true }); // of another Python
      const program = `import os, time
print(os.environ["FORKSCOPE_SESSION"], flush=True)
while not os.path.exists(${JSON.stringify(gate)}):
    time.sleep(0.01)
${SLOW}`;
      await editor.begin({ ...launch(program), args: [method, file] }, { functions: [{ name: 'box.put' }] });
      while (!editor.output().includes('\n')) await editor.take('output');
      const session = editor.output().trim();
      const { socket: path, word } = JSON.parse(readFileSync(join(session, 'plan.json'), 'utf8'));
      editor.process.kill('SIGKILL');
      await once(editor.process, 'close');
      rmSync(path, { force: true });
      const heard: string[] = [];
      const stranger = createServer((socket) => {
        socket.on('data', (chunk) => heard.push(String(chunk)));
        socket.on('error', () => socket.destroy());
        socket.write(`${'{"id":1,"do":"resume","drop":true}\n'.repeat(4)}`);
      });
      stranger.listen(path);
      await once(stranger, 'listening');
      writeFileSync(gate, '');
      await until(() => content(file) === '3');
      stranger.close();
      expect(heard).toEqual([expect.stringMatching(/^forkscope [0-9a-f]{32}\n$/)]);
      expect(heard[0]).not.toContain(word);
      for (const each of [session, dirname(path)]) rmSync(each, { recursive: true });
    });

    test('disconnecting without ending it does', async () => {
      const editor = start();
      const file = join(files.folder, 'left.txt');
      rmSync(file, { force: true }); // of another Python
      await editor.begin({ ...launch(SLOW), args: [method, file] }, { functions: [{ name: 'box.put' }] });
      await editor.place();
      await editor.disconnectRequest({ terminateDebuggee: false });
      await until(() => content(file) === '3');
    });

    test('a paused process that is killed is gone from the threads; the others end as they would have', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, sys
def work(box):
    box.put(1)
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    box = context.Queue()
    child = context.Process(target=work, args=(box,), name="victim")
    child.start()
    child.join()
    print(child.exitcode)
`),
        { functions: [{ name: 'box.put' }] },
      );
      const stop = await editor.place();
      const { threads } = (await editor.threadsRequest()).body;
      const pid = Number(/pid (\d+)/.exec(threads.find((each) => each.id === stop.threadId)?.name ?? '')?.[1]);
      process.kill(pid, 'SIGKILL');
      await editor.take('terminated');
      expect(editor.output()).toBe('-9\n');
      await expect(editor.continueRequest({ threadId: stop.threadId })).rejects.toThrow();
    });

    test('ending the session leaves no process', async () => {
      const editor = start();
      const { program } = launch(TALK.replace('400', '4000000'));
      await editor.begin({ program, python, args: [method] }, { functions: [{ name: 'SimpleQueue.put' }] });
      await editor.place();
      await editor.terminateRequest();
      await editor.take('terminated');
      const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
      expect(left).not.toContain(program);
    });
  });

  describe(`${title}: requests without a target`, () => {
    test('gets an error each', async () => {
      const editor = start();
      await editor.begin(launch('input = __import__("time").sleep(30)\n'));
      await editor.take('thread');
      await expect(editor.continueRequest({ threadId: 1 })).rejects.toThrow(/not paused/);
      await expect(editor.nextRequest({ threadId: 99 })).rejects.toThrow(/not paused/);
      await expect(editor.stackTraceRequest({ threadId: 1 })).rejects.toThrow(/not paused/);
      await expect(editor.scopesRequest({ frameId: 4711 })).rejects.toThrow(/no frame/);
      await expect(editor.variablesRequest({ variablesReference: 4711 })).rejects.toThrow(/not stopped/);
      await expect(editor.evaluateRequest({ expression: '1' })).rejects.toThrow(/not paused/);
      await expect(editor.customRequest('stepBack', { threadId: 1 })).rejects.toThrow(/not supported/);
      const { breakpoints } = (
        await editor.setFunctionBreakpointsRequest({
          breakpoints: [{ name: 'a b' }, { name: 'tasks', hitCondition: 'often' }],
        })
      ).body;
      expect(breakpoints.map((each) => each.verified)).toEqual([false, false]);
      await editor.terminateRequest();
      await editor.take('terminated');
    });
  });
}
