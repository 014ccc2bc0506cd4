/** Messages of pools as CPython creates them, complete and truncated. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { payloadText } from '../../../../server/core/pickle/payload';
import { taskArguments, taskOutcome } from '../../../../server/core/pickle/task';
import { PYTHON } from '../../engine/session/programs';

const MADE = `
import concurrent.futures.process as cp, json, multiprocessing.pool as mp
from functools import partial
from multiprocessing.reduction import ForkingPickler
def f(x): return x
try: 1/0
except Exception as error: failed = mp.ExceptionWithTraceback(error, error.__traceback__)
made = dict(call=(3, 0, f, (1, 'a'), {'k': 2}), chunk=(3, 1, mp.mapstar, ((f, tuple(range(300, 900))),), {}),
  done=(3, 0, (True, [1, 2])), failed=(3, 0, (False, failed)), item=cp._CallItem(5, f, (1,), {}),
  chunkItem=cp._CallItem(5, partial(cp._process_chunk, f), ([(1,), (2,)],), {}),
  result=cp._ResultItem(5, result={'a': 1}), exception=cp._ResultItem(5, exception=failed))
print(json.dumps({name: bytes(ForkingPickler.dumps(each)).hex() for name, each in made.items()}))
`;
const made = JSON.parse(spawnSync(PYTHON, ['-c', MADE], { encoding: 'utf8' }).stdout) as Record<string, string>;

function payload(name: string, recorded = Number.POSITIVE_INFINITY) {
  const whole = Buffer.from(made[name] ?? '', 'hex');
  return { bytes: whole.subarray(0, recorded), size: whole.length, encoding: 'pickle' as const };
}

/** What joblib and libraries that pickle functions by value send, built from stand-ins for their classes. */
const OTHERS = `
import json, pickle, sys, types
def named(module, cls):
    names = module.split('.')
    for i in range(len(names)): sys.modules.setdefault('.'.join(names[:i + 1]), types.ModuleType('.'.join(names[:i + 1])))
    cls.__module__ = module; cls.__qualname__ = cls.__name__
    setattr(sys.modules[module], cls.__name__, cls)
class BatchedCalls:
    def __init__(self, *args): self.args = args
    def __reduce__(self): return BatchedCalls, self.args
class _TracebackCapturingWrapper:
    def __init__(self, func): self.func = func
def _create_code(*args): pass
def _load_type(name): return ValueError
class ByType:
    def __call__(self, *args): pass
    def __reduce__(self): return _load_type, ('ValueError',)
class Error:
    def __reduce__(self): return ByType(), ('seven',)
class ByValue:
    def __reduce__(self): return _create_code, (b'code' * 200, 1, 2)
class _CallItem:
    def __init__(self, fn, args): self.work_id, self.fn, self.args, self.kwargs = 3, fn, args, {}
named('joblib.parallel', BatchedCalls); named('joblib._parallel_backends', _TracebackCapturingWrapper)
named('joblib.externals.loky.process_executor', _CallItem); named('dill._dill', _create_code); named('dill._dill', _load_type)
calls = BatchedCalls([(len, ('a',), {}), (pow, (2, 3), {})], (None, 2))
made = dict(loky=_CallItem(calls, ()), pool=(0, None, _TracebackCapturingWrapper(calls), (), {}), dill=(0, 0, ByValue(), (1,), {}),
  thrown=(3, 0, (False, Error())))
print(json.dumps({name: pickle.dumps(each).hex() for name, each in made.items()}))
`;
Object.assign(made, JSON.parse(spawnSync(PYTHON, ['-c', OTHERS], { encoding: 'utf8' }).stdout));

/** billiard's messages, built from stand-ins: (kind, (job, index, …)). */
const BILLIARD = `
import json, pickle, sys, types
for name in ('billiard', 'billiard.pool', 'billiard.einfo', 'celery', 'celery.app', 'celery.app.trace'): sys.modules[name] = types.ModuleType(name)
def there(module, name, made):
    made.__module__, made.__qualname__, made.__name__ = module, name, name
    setattr(sys.modules[module], name, made)
    return made
mapstar = there('billiard.pool', 'mapstar', lambda args: None)
run = there('celery.app.trace', 'fast_trace_task', lambda *args: None)
rebuild = there('billiard.einfo', 'rebuild_exc', lambda exc, tb: exc)
class ExceptionWithTraceback:
    def __reduce__(self): return rebuild, (ValueError('seven'), '\\n"""\\nTraceback\\n"""')
class ExceptionInfo:
    def __init__(self): self.type, self.tb, self.exception = ValueError, list(range(300)), ExceptionWithTraceback()
there('billiard.einfo', 'ExceptionInfo', ExceptionInfo)
def double(x): return 2 * x
request = {'lang': 'py', 'argsrepr': '(1, 2)', 'kwargsrepr': '{}'}
numbers = tuple(range(300, 900))
made = dict(billiardCall=(2, (3, None, double, (1, 'a'), {'k': 2})), billiardLong=(2, (3, None, double, numbers, {})),
  billiardChunk=(2, (3, 1, mapstar, ((double, numbers),), {})), billiardBuiltin=(2, (3, 1, mapstar, ((len, numbers),), {})),
  billiardDone=(1, (3, 0, (True, [1, 2]), 9)), billiardFailed=(1, (3, None, (False, ExceptionInfo()), 9)),
  celery=(2, (3, None, run, ('add', 'id', request, b'[[1, 2], {}, {}]', 'json', 'utf-8'), {})),
  celeryFailed=(1, (3, None, (True, (1, ExceptionInfo(), 0.5)), 9)))
print(json.dumps({name: pickle.dumps(each).hex() for name, each in made.items()}))
`;
Object.assign(made, JSON.parse(spawnSync(PYTHON, ['-c', BILLIARD], { encoding: 'utf8' }).stdout));

test('messages of the pools of billiard and celery', () => {
  expect(taskArguments(payload('billiardCall'))?.text).toBe("1, 'a', k=2");
  for (const name of ['billiardChunk', 'billiardBuiltin', 'billiardLong'])
    for (const recorded of [undefined, 256])
      expect(taskArguments(payload(name, recorded))?.text, name).toMatch(/^\(?300, 301, 302, /);
  expect(taskOutcome(payload('billiardDone'), false)?.text).toBe('[1, 2]');
  expect(taskArguments(payload('celery'))?.text).toBe('1, 2');
  for (const name of ['billiardFailed', 'celeryFailed']) {
    const whole = taskOutcome(payload(name), true);
    expect([whole?.text, whole?.traceback?.text]).toEqual(["ValueError('seven')", 'Traceback']);
    const cut = taskOutcome(payload(name, 256), true);
    expect([cut?.text, cut?.cut]).toEqual([expect.stringMatching(/ValueError/), true]);
  }
});

test('batches submitted by joblib; functions pickled by value', () => {
  expect(taskArguments(payload('loky'))?.text).toBe("('a', (2, 3))");
  expect(taskArguments(payload('pool'))?.text).toBe("('a', (2, 3))");
  expect(taskArguments(payload('dill'))?.text).toBe('1');
  expect(taskArguments(payload('dill', 256))?.text).toBe('…');
  expect(taskOutcome(payload('thrown'), true)?.text).toBe("ValueError('seven')");
});

/** Functions and classes by value, in the shapes of cloudpickle 3 and dill 0.4, built from stand-ins. */
test('a function or class pickled by value is named', () => {
  const BY_VALUE = `
import json, pickle, sys, types
for name in ('cloudpickle', 'cloudpickle.cloudpickle', 'dill', 'dill._dill'): sys.modules[name] = types.ModuleType(name)
def there(module, name):
    def stand_in(*args): pass
    stand_in.__module__, stand_in.__qualname__, stand_in.__name__ = module, name, name
    setattr(sys.modules[module], name, stand_in)
    return stand_in
CLOUD, DILL = 'cloudpickle.cloudpickle', 'dill._dill'
make, setstate, skeleton = there(CLOUD, '_make_function'), there(CLOUD, '_function_setstate'), there(CLOUD, '_make_skeleton_class')
create, code_of = there(DILL, '_create_function'), there(DILL, '_create_code')
class Called:
    def __init__(self, *reduced): self.reduced = reduced
    def __reduce__(self): return self.reduced
    def __call__(self, *args): pass
def code(*names): return Called(code_of, (b'', 1, 0, b'code', (None,), ('x',), '/a/b.py') + names + (4, b'lines'))
made = dict(
  new=Called(make, (code('inner', 'outer.<locals>.inner'), {}, None)),
  old=Called(make, (code('inner'), {}, None)),
  told=Called(make, (code('inner'), {}, None), ({}, {'__qualname__': 'outer.<locals>.inner'}), None, None, setstate),
  dill=Called(create, (code('inner'), {}, 'inner', None), ({}, {'__qualname__': 'outer.<locals>.inner'})),
  cls=Called(skeleton, (type, 'Local', (object,), {}, 'id', None)))
made['instance'] = Called(made['cls'], (1,))
print(json.dumps({name: pickle.dumps((each, 7)).hex() for name, each in made.items() if name != 'told' or sys.version_info >= (3, 8)}))
`;
  const sent = JSON.parse(spawnSync(PYTHON, ['-c', BY_VALUE], { encoding: 'utf8' }).stdout) as Record<string, string>;
  const shown = Object.fromEntries(
    Object.entries(sent).map(([name, hex]) => {
      const bytes = Buffer.from(hex, 'hex');
      return [name, payloadText({ bytes, size: bytes.length, encoding: 'pickle' })];
    }),
  );
  expect(shown).toMatchObject({
    new: '(<function outer.<locals>.inner>, 7)',
    old: '(<function inner>, 7)',
    dill: '(<function outer.<locals>.inner>, 7)',
    cls: "(<class 'Local'>, 7)",
    instance: '(Local(1), 7)',
  });
  expect(shown['told'] ?? shown['new']).toBe('(<function outer.<locals>.inner>, 7)');
});

test('complete messages', () => {
  expect(taskArguments(payload('call'))?.text).toBe("1, 'a', k=2");
  expect(taskArguments(payload('chunk'))?.text).toMatch(/^\(300, 301, 302, /);
  expect(taskArguments(payload('item'))?.text).toBe('1');
  expect(taskArguments(payload('chunkItem'))?.text).toBe('[(1,), (2,)]');
  expect(taskOutcome(payload('done'), false)?.text).toBe('[1, 2]');
  expect(taskOutcome(payload('result'), false)?.text).toBe("{'a': 1}");
  for (const name of ['failed', 'exception']) {
    const outcome = taskOutcome(payload(name), true);
    expect(outcome?.text).toBe("ZeroDivisionError('division by zero')");
    expect(outcome?.traceback?.open).toBe(false);
    expect(outcome?.traceback?.text).toMatch(/^Traceback [\s\S]*ZeroDivisionError: division by zero$/);
  }
});

test('truncated messages', () => {
  expect(taskArguments(payload('chunk', 256))?.text).toMatch(/^\(300, 301, 302, /);
  const outcome = taskOutcome(payload('failed', 160), true);
  expect(outcome?.text).toBe("ZeroDivisionError('division by zero')");
  expect(outcome?.traceback).toMatchObject({ open: true });
  expect(outcome?.traceback?.text).toMatch(/^Traceback/);
  for (const name of Object.keys(made))
    for (let size = 0; size < 300; size += 7) {
      expect(() => taskArguments(payload(name, size))).not.toThrow();
      expect(() => taskOutcome(payload(name, size), size % 2 === 0)).not.toThrow();
    }
});
