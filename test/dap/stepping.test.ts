/** Stepping from message to message through `forkscope dap`, on real Pythons under every start method. */
import { describe, expect, test } from 'vitest';
import { pythons } from './pythons';
import { setup } from './setup';

const PIPELINE = `import multiprocessing
import sys


def consume(tasks, results):
    while True:
        item = tasks.get()
        if item is None:
            break
        results.put(item * 10)


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    tasks = context.Queue(maxsize=3)
    results = context.SimpleQueue()
    consumer = context.Process(target=consume, args=(tasks, results), name="consumer")
    consumer.start()
    total = 0
    for number in range(1, 4):
        tasks.put(number)
        total += results.get()
    tasks.put(None)
    consumer.join()
    print("total", total)
`;

const { start, script } = setup();

for (const python of pythons()) {
  for (const method of python.methods) {
    describe(`Python ${python.version}, ${method}`, () => {
      const launch = () => ({ program: script(PIPELINE, 'pipeline.py'), args: [method], python: python.path });

      test('from the first put to the last get, step into jumping to the receiver each time', async () => {
        const editor = start();
        await editor.begin(launch(), { functions: [{ name: 'tasks.put' }] });
        for (const number of [1, 2, 3]) {
          const put = await editor.place();
          expect([put.name, put.description, put.reason, put.file, put.line]).toEqual([
            'pipeline.py',
            'Paused on put of tasks',
            'function breakpoint',
            'pipeline.py',
            21,
          ]);
          expect(await editor.scope(put, 'Message')).toMatchObject({ message: String(number), operation: 'put' });
          await editor.stepInRequest({ threadId: put.threadId });
          const got = await editor.place();
          expect([got.name, got.description, got.reason, got.line]).toEqual([
            'consumer',
            'Paused on get of tasks',
            'step',
            7,
          ]);
          expect(await editor.scope(got, 'Message')).toMatchObject({ message: String(number), operation: 'get' });
          expect(await editor.evaluate(got, 'message + 1')).toBe(String(number + 1));
          await editor.continueRequest({ threadId: got.threadId });
        }
        const last = await editor.place();
        expect((await editor.scope(last, 'Message'))['message']).toBe('None');
        await editor.continueRequest({ threadId: last.threadId });
        await editor.take('terminated');
        expect(editor.output()).toBe('total 60\n');
      });

      test('a message is edited, followed to the consumer, and the consumer computes with it', async () => {
        const editor = start();
        await editor.begin(launch(), { functions: [{ name: 'tasks.put', condition: 'message == 2' }] });
        const put = await editor.place();
        const { scopes } = (await editor.scopesRequest({ frameId: put.frameId })).body;
        const message = scopes.find((each) => each.name === 'Message')?.variablesReference ?? 0;
        const set = await editor.setVariableRequest({
          variablesReference: message,
          name: 'message',
          value: 'number * 100',
        });
        expect(set.body.value).toBe('200');
        expect((await editor.scope(put, 'Message'))['message']).toBe('200');
        await editor.stepInRequest({ threadId: put.threadId });
        const got = await editor.place();
        expect([got.name, got.reason, await editor.evaluate(got, 'message')]).toEqual(['consumer', 'step', '200']);
        await editor.continueRequest({ threadId: got.threadId });
        await editor.take('terminated');
        expect(editor.output()).toBe('total 2040\n');
      });

      test('next pauses this process at its next operation, step out on the same channel', async () => {
        const editor = start();
        await editor.begin(launch(), { functions: [{ name: 'tasks.put', hitCondition: '1' }] });
        const put = await editor.place();
        await editor.nextRequest({ threadId: put.threadId });
        const got = await editor.place();
        expect([got.name, got.description, got.line]).toEqual(['pipeline.py', 'Paused on get of results', 22]);
        await editor.nextRequest({ threadId: put.threadId });
        const second = await editor.place();
        expect([second.description, second.line]).toEqual(['Paused on put of tasks', 21]);
        await editor.stepOutRequest({ threadId: put.threadId });
        const third = await editor.place();
        expect(third.description).toBe('Paused on put of tasks');
        expect((await editor.scope(third, 'Message'))['message']).toBe('3');
        await editor.continueRequest({ threadId: put.threadId });
        await editor.take('terminated');
        expect(editor.output()).toBe('total 60\n');
      });

      test('lines, log messages and hit counts', async () => {
        const editor = start();
        const file = script(PIPELINE, 'pipeline.py');
        const set = await editor.begin(launch(), {
          lines: {
            file,
            breakpoints: [
              { line: 10, hitCondition: '% 2' },
              { line: 21, logMessage: 'putting {number} of {3}' },
              { line: 19 },
            ],
          },
        });
        expect(set.map((each) => each.verified)).toEqual([true, true, false]);
        const second = await editor.place();
        expect([second.name, second.line, second.reason]).toEqual(['consumer', 10, 'breakpoint']);
        expect((await editor.scope(second, 'Locals'))['item']).toBe('2');
        // The receive of the first result is read from another process's journal: it may be reported a moment later.
        await expect
          .poll(() => editor.scope(second, 'Channel'))
          .toMatchObject({ name: 'results (SimpleQueue)', depth: '0' });
        await editor.continueRequest({ threadId: second.threadId });
        await editor.take('terminated');
        expect(editor.output()).toContain('putting 1 of 3\n');
        expect(editor.output()).toContain('putting 3 of 3\n');
        expect(editor.output()).toContain('total 60\n');
      });

      test('one is dropped and never received, one duplicated, one edited, one delayed, from the debug console and the views', async () => {
        const editor = start();
        await editor.begin(
          {
            program: script(
              `import multiprocessing, sys


def talk(end):
    for number in range(4):
        end.send(number)
    end.close()


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    here, there = context.Pipe(False)
    child = context.Process(target=talk, args=(there,), name="talker")
    child.start()
    there.close()
    seen = []
    while True:
        try:
            seen.append(here.recv())
        except EOFError:
            break
    print("seen", seen)
`,
              'talk.py',
            ),
            args: [method],
            python: python.path,
          },
          { functions: [{ name: 'there.send' }] },
        );
        const first = await editor.place();
        expect([first.name, first.line, first.description]).toEqual(['talker', 6, 'Paused on send of there']);
        const made = await editor.customRequest('forkscope/payload', { threadId: first.threadId });
        expect(made.body).toMatchObject({ tree: { type: 'int', text: await editor.evaluate(first, 'number') } });
        await editor.evaluate(first, '.drop', 'repl');
        await editor.continueRequest({ threadId: first.threadId });
        const second = await editor.place();
        await editor.evaluate(second, '.twice', 'repl');
        await editor.continueRequest({ threadId: first.threadId });
        const third = await editor.place();
        expect(await editor.evaluate(third, '.replace [number, "two"]', 'repl')).toBe("[2, 'two']");
        await editor.continueRequest({ threadId: first.threadId });
        await editor.place();
        await editor.customRequest('forkscope/message', { threadId: first.threadId, delay: 0.01 });
        await editor.continueRequest({ threadId: first.threadId });
        await editor.take('terminated');
        expect(editor.output()).toBe("seen [1, 1, [2, 'two'], 3]\n");
      });
    });
  }
}
