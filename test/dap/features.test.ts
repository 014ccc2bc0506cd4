/**
 * Further features of message breakpoints: names, pools, locks, grandchildren, findings; on real Pythons under every
 * start method.
 */
import { describe, expect, test } from 'vitest';
import type { Editor, Place } from './client';
import { pythons } from './pythons';
import { runThrough, setup } from './setup';

const { start, script } = setup();

for (const python of pythons()) for (const method of python.methods) features(python.path, python.version, method);

function features(python: string, version: string, method: string): void {
  const launch = (text: string) => ({ program: script(text), python, args: [method] });

  const onTop = async (editor: Editor, threadId: number) => {
    const { stackFrames } = (await editor.stackTraceRequest({ threadId })).body;
    return stackFrames.map((each) => [each.name, each.presentationHint]);
  };

  describe(`Python ${version}, ${method}`, () => {
    test('breakpoints by a variable, by an argument’s name, by a class, by a pipe’s variable, by Process.start', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, sys
class Worker:
    pass
def work(inbox, end):
    end.send(inbox.get())
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    class Own(context.Process):
        pass
    tasks = context.JoinableQueue()
    pipe = context.Pipe()
    child = context.Process(target=work, args=(tasks, pipe[1]), name="worker")
    child.start()
    tasks.put(7)
    print("got", pipe[0].recv())
    child.join()
`),
        {
          functions: [
            { name: 'Process.start' },
            { name: 'JoinableQueue.put' },
            { name: 'inbox.get' },
            { name: 'end.send' },
            { name: 'pipe.recv' },
          ],
        },
      );
      const seen = await runThrough(editor);
      expect(seen.map(([name, , line]) => [name.replace(/^program.*/, 'main'), line]).sort()).toEqual([
        ['main', 13],
        ['main', 14],
        ['main', 15],
        ['worker', 5],
        ['worker', 5],
      ]);
      expect(editor.output()).toBe('got 7\n');
    });

    test('pools: every way to submit work, and each task’s start and end with the user’s function on top', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, sys
from concurrent.futures import ProcessPoolExecutor
def double(x):
    return x * 2
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(1) as workers:
        print(workers.apply_async(double, (4,)).get())
        print(workers.starmap(double, [(1,)]))
        print(list(workers.imap(double, iter([5]))))
        workers.close()
        workers.join()
    with ProcessPoolExecutor(1, mp_context=context) as runners:
        print(runners.submit(double, 6).result())
`),
        {
          functions: [
            { name: 'Pool.apply_async' },
            { name: 'workers.starmap' },
            { name: 'workers.imap' },
            { name: 'runners.submit' },
          ],
          filterOptions: [{ filterId: 'task', condition: 'hits: <= 2' }],
        },
      );
      const tops: unknown[] = [];
      const seen = await runThrough(editor, async (stop) => {
        if (/Worker/.test(stop.name)) tops.push((await onTop(editor, stop.threadId))[0]);
      });
      expect(
        seen.map(([name, description, line]) => [/Worker/.test(name) ? 'worker' : 'main', description, line]),
      ).toEqual([
        ['main', 'Paused on apply_async of workers', 8],
        ['worker', 'Paused on the start of double', 3],
        ['worker', 'Paused on the end of double', 3],
        ['main', 'Paused on starmap of workers', 9],
        ['main', 'Paused on imap of workers', 10],
        ['main', 'Paused on submit of runners', 14],
      ]);
      expect(tops).toEqual([
        ['double', 'normal'],
        ['double', 'normal'],
      ]);
      expect(editor.output()).toBe('8\n[2]\n[10]\n12\n');
    });

    test('next goes from the start of a worker’s task to its end', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, sys
def double(x):
    return x * 2
if __name__ == "__main__":
    with multiprocessing.get_context(sys.argv[1]).Pool(1) as workers:
        print(workers.apply(double, (4,)))
`),
        { functions: [{ name: 'double.task' }] },
      );
      const begun = await editor.place();
      expect(await editor.scope(begun, 'Message')).toMatchObject({ operation: 'task' });
      await editor.nextRequest({ threadId: begun.threadId });
      const ended = await editor.place();
      expect([ended.threadId, ended.description, ended.reason]).toEqual([
        begun.threadId,
        'Paused on the end of double',
        'step',
      ]);
      await editor.continueRequest({ threadId: ended.threadId });
      await editor.take('terminated');
      expect(editor.output()).toBe('8\n');
    });

    test('a pause while a lock is held: a process that wants the lock is blocked, and continues afterwards', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, sys
def work(lock, box, name):
    with lock:
        box.put(name)
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    lock, box = context.Lock(), context.Queue()
    for name in ("first", "second"):
        context.Process(target=work, args=(lock, box, name), name=name).start()
    print(sorted(box.get() for each in range(2)))
`),
        { functions: [{ name: 'box.put' }] },
      );
      const one = await editor.place();
      expect(await editor.scope(one, 'Locals')).toMatchObject({ name: `'${one.name}'` });
      // The other one can only be at the lock now.
      const { threads } = (await editor.threadsRequest()).body;
      expect(threads.some((each) => each.name.startsWith('program'))).toBe(true);
      await editor.continueRequest({ threadId: one.threadId });
      const other = await editor.place();
      expect([one.name, other.name].sort()).toEqual(['first', 'second']);
      await editor.continueRequest({ threadId: other.threadId });
      await editor.take('terminated');
      expect(editor.output()).toBe("['first', 'second']\n");
    });

    test('children of children', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, os, sys
def inner(box):
    box.put("deep")
    pid = os.fork()
    if pid == 0:
        box._writer.send("deeper")
        os._exit(0)
    os.waitpid(pid, 0)
def outer(method, box):
    child = multiprocessing.get_context(method).Process(target=inner, args=(box,), name="grandchild")
    child.start()
    child.join()
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    box = context.SimpleQueue()
    child = context.Process(target=outer, args=(sys.argv[1], box), name="child")
    child.start()
    print(box.get(), box.get())
    child.join()
`),
        { filters: ['send'] },
      );
      const seen = await runThrough(editor);
      expect(seen.map(([name, , line]) => [name, line])).toEqual([
        ['grandchild', 3],
        ['fork of grandchild', 6],
      ]);
      expect(editor.output()).toBe('deep deeper\n');
    });

    test('timeouts pause where they occur: get, join, poll, acquire, a result', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, queue, sys, time
def nap():
    time.sleep(0.6)
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    here, there = context.Pipe()
    here.poll(0.01)
    lock = context.Lock()
    lock.acquire()
    lock.acquire(timeout=0.01)
    box = context.Queue()
    try:
        box.get(timeout=0.01)
    except queue.Empty:
        pass
    child = context.Process(target=nap, name="sleeper")
    child.start()
    child.join(0.01)
    with context.Pool(1) as pool:
        result = pool.apply_async(nap)
        try:
            result.get(0.01)
        except multiprocessing.TimeoutError:
            print("late")
        result.get()
    child.join()
`),
        { filters: ['limit'] },
      );
      const seen = await runThrough(editor);
      expect(seen.map(([, description, line]) => [description, line])).toEqual([
        ['Paused on timeout of poll of here', 7],
        ['Paused on timeout of acquire', 10],
        ['Paused on Empty of box', 13],
        ['Paused on timeout of join of sleeper', 18],
        ['Paused on timeout of get of ApplyResult', 22],
      ]);
      expect(editor.output()).toBe('late\n');
    });

    test('an error is shown below its line', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, sys
def fail():
    sys.exit(3)
if __name__ == "__main__":
    child = multiprocessing.get_context(sys.argv[1]).Process(target=fail, name="failing")
    child.start()
    child.join()
`),
        { filters: ['badEnd'] },
      );
      const stop = await editor.place();
      expect([stop.reason, stop.description]).toEqual(['exception', 'Paused on error exit of failing']);
      expect((await editor.exceptionInfoRequest({ threadId: stop.threadId })).body).toMatchObject({
        exceptionId: 'error exit',
        description: 'exit code 3',
      });
      await editor.continueRequest({ threadId: stop.threadId });
      await editor.take('terminated');
    });

    test('locals, globals and their contents are displayed, set and evaluated; the console runs statements', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, sys
FACTOR = 2
def work(box):
    item = {"number": 1, "parts": [1, 2]}
    extra = 5
    box.put(item)
    box.put(FACTOR + extra)
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    box = context.Queue()
    child = context.Process(target=work, args=(box,), name="worker")
    child.start()
    print(box.get(), box.get())
    child.join()
`),
        { functions: [{ name: 'box.put', hitCondition: '1' }] },
      );
      const stop = await editor.place();
      const { scopes } = (await editor.scopesRequest({ frameId: stop.frameId })).body;
      expect(scopes.map((each) => each.name)).toEqual(['Message', 'Channel', 'Locals', 'Globals']);
      const ref = (name: string) => scopes.find((each) => each.name === name)?.variablesReference ?? 0;
      const message = (await editor.variablesRequest({ variablesReference: ref('Message') })).body.variables;
      expect(message.map((each) => each.name)).toEqual(['message', 'bytes', 'operation', 'from']);
      const tree = (await editor.variablesRequest({ variablesReference: message[0]?.variablesReference ?? 0 })).body;
      expect(tree.variables.map((each) => [each.name, each.value])).toEqual([
        ["'number'", '1'],
        ["'parts'", '[1, 2]'],
      ]);
      expect(await editor.scope(stop, 'Channel')).toMatchObject({ name: 'box (Queue)', capacity: 'unbounded' });
      const set = await editor.setVariableRequest({ variablesReference: ref('Locals'), name: 'extra', value: '10' });
      expect(set.body.value).toBe('10');
      await editor.setVariableRequest({ variablesReference: ref('Globals'), name: 'FACTOR', value: '100' });
      const locals = (await editor.variablesRequest({ variablesReference: ref('Locals') })).body.variables;
      const item = locals.find((each) => each.name === 'item')?.variablesReference ?? 0;
      await editor.setVariableRequest({ variablesReference: item, name: "'number'", value: 'extra + 1' });
      expect(await editor.evaluate(stop, 'item["number"]')).toBe('11');
      await editor.evaluate(stop, 'item["said"] = "console"', 'repl');
      await expect(editor.evaluate(stop, 'nobody')).rejects.toThrow(/NameError/);
      await editor.continueRequest({ threadId: stop.threadId });
      await editor.take('terminated');
      expect(editor.output()).toBe("{'number': 11, 'parts': [1, 2], 'said': 'console'} 110\n");
    });

    test('a received message is edited, another dropped, another duplicated, by a request of the views', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, sys
def talk(box):
    for number in range(4):
        box.put(number)
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    box = context.Queue()
    child = context.Process(target=talk, args=(box,), name="talker")
    child.start()
    print([box.get() for each in range(4)])
    child.join()
`),
        { functions: [{ name: 'box' }] },
      );
      const { processId } = (await editor.customRequest('forkscope/process', { threadId: await editor.row('talker') }))
        .body as {
        processId: string;
      };
      const seen: string[] = [];
      await runThrough(editor, async (stop) => {
        const message = (await editor.scope(stop, 'Message'))['message'] ?? '';
        seen.push(`${stop.name === 'talker' ? 'put' : 'get'} ${message}`);
        if (stop.name === 'talker' && message === '0')
          await editor.customRequest('forkscope/message', { processId, drop: true });
        if (stop.name === 'talker' && message === '1')
          await editor.customRequest('forkscope/message', { processId, twice: true });
        if (stop.name !== 'talker' && message === '2')
          await editor.customRequest('forkscope/message', { threadId: stop.threadId, value: 'message * 100' });
        if (stop.name === 'talker' && message === '3')
          await editor.customRequest('forkscope/message', { processId, delay: 0.05 });
      });
      expect(seen.filter((each) => each.startsWith('get'))).toEqual(['get 1', 'get 1', 'get 2', 'get 3']);
      expect(editor.output()).toBe('[1, 1, 200, 3]\n');
    });

    test('hit counts and log messages of filters and functions are part of their conditions', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, sys
box = multiprocessing.SimpleQueue()
for number in range(5):
    box.put(number)
print(sum(box.get() for each in range(5)))
`),
        {
          functions: [{ name: 'box.put', condition: 'number % 2; log: odd {number}' }],
          filterOptions: [{ filterId: 'receive', condition: 'message > 0; hits: 2' }],
        },
      );
      const stop = await editor.place();
      expect([stop.description, (await editor.scope(stop, 'Message'))['message']]).toEqual([
        'Paused on get of box',
        '2',
      ]);
      await editor.continueRequest({ threadId: stop.threadId });
      await editor.take('terminated');
      expect(editor.output().split('\n').sort()).toEqual(['', '10', 'odd 1', 'odd 3']);
    });

    test('a finding pauses the processes concerned, where they are blocked', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, sys
def work(wants, gives):
    gives.put(wants.get())
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    one = context.Queue()
    two = context.Queue()
    first = context.Process(target=work, args=(one, two), name="left")
    second = context.Process(target=work, args=(two, one), name="right")
    first.start()
    second.start()
    first.join()
`),
        { filters: ['finding'] },
      );
      const stops: Place[] = [];
      const waiting = (each: string) => stops.some((stop) => stop.name === each);
      while (!waiting('left') || !waiting('right')) stops.push(await editor.place());
      const left = stops.find((each) => each.name === 'left');
      expect(left).toMatchObject({ reason: 'exception', line: 3 });
      expect(left?.description).toMatch(/^blocked in one\.get\(\) for [\d.]+ s \((deadlock|stuck-get)\)$/);
      const info = (await editor.exceptionInfoRequest({ threadId: left?.threadId ?? 0 })).body;
      expect(info.exceptionId).toMatch(/^(deadlock|stuck-get)$/);
      expect(info.description).toContain('left');
      expect(editor.output()).toContain(info.description?.split('\n')[0] ?? '?');
      await editor.customRequest('forkscope/continueAll', {});
      await editor.terminateRequest();
      await editor.take('terminated');
    });

    test('one is stepped while the others are frozen; they resume when it has ended', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, sys, time
def chat(box, count):
    for number in range(count):
        box.put(number)
        time.sleep(0.01)
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    boxes = [context.Queue(), context.Queue()]
    short = context.Process(target=chat, args=(boxes[0], 3), name="short")
    long = context.Process(target=chat, args=(boxes[1], 400), name="long")
    long.start()
    short.start()
    short.join()
    long.join()
    print("done")
`),
        { functions: [{ name: 'chat.nothing' }] },
      );
      await editor.setFunctionBreakpointsRequest({
        breakpoints: [{ name: 'box.put', condition: 'count == 3', hitCondition: '1' }],
      });
      const put = await editor.place();
      expect(put.name).toBe('short');
      expect((await editor.customRequest('forkscope/freezeOthers', { threadId: put.threadId })).body).toEqual({
        held: true,
      });
      let held = await editor.place();
      expect([held.name, held.description]).toEqual(['long', 'Held']);
      await editor.nextRequest({ threadId: put.threadId });
      held = await editor.place();
      expect([held.threadId, held.reason]).toEqual([put.threadId, 'step']);
      await editor.continueRequest({ threadId: put.threadId });
      await editor.take('terminated');
      expect(editor.output()).toBe('done\n');
    });

    test('eight pause at once; each resumes by itself, then all', async () => {
      const editor = start();
      await editor.begin(
        launch(`import multiprocessing, sys
def work(box, number):
    box.put(number)
    box.put(number)
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    box = context.SimpleQueue()
    for number in range(8):
        context.Process(target=work, args=(box, number), name="worker-%d" % number).start()
    print(sum(box.get() for each in range(16)))
`),
        { functions: [{ name: 'box.put' }] },
      );
      const places: Place[] = [];
      for (let count = 0; count < 8; count++) places.push(await editor.place());
      expect(new Set(places.map((each) => each.name)).size).toBe(8);
      const one = places[3] as Place;
      await editor.nextRequest({ threadId: one.threadId });
      expect((await editor.place()).threadId).toBe(one.threadId);
      await editor.setFunctionBreakpointsRequest({ breakpoints: [] });
      await editor.customRequest('forkscope/continueAll', {});
      await editor.take('terminated');
      expect(editor.output()).toBe('56\n');
    });
  });
}
