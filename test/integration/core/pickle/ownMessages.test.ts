/** Messages of pools with a form of their own, made of stand-ins for their libraries' classes. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ownArguments, ownOutcome } from '../../../../server/core/pickle/ownMessages';
import { MESSAGE_PATHS } from '../../../../server/protocol/libraries';
import { PYTHON } from '../../engine/session/programs';

const MADE = `
import json, pickle
class Message:
    def __init__(self, **fields): self.__dict__.update(fields)
class RemoteException:
    def __reduce__(self): return rebuild_exception, (ValueError('seven'), 'Traceback\\nValueError: seven\\n')
def rebuild_exception(*args): pass
def payload(function, args, kwargs): return Message(id=3, payload=Message(function=function, args=args, kwargs=kwargs))
made = dict(
  call=payload(len, ('a', 2), {'k': 3}), chunk=payload(map, (len, ((1,), (2,))), {}),
  done=Message(task=3, result=Message(status=0, value=[1, 2])), failed=Message(task=3, result=Message(status=1, value=RemoteException())),
  mpireCall=(3, (len, (('a',), {'k': 1}))), mpireChunk=(3, [(0, 'a'), (1, 'b')]),
  mpireFailed=(0, [(3, False, (ValueError, ('seven',), {}, 'Traceback\\nValueError: seven\\n'))]),
  aioCall=(3, len, ('a',), {}), aioDone=(3, 42, None), aioFailed=(3, None, 'Traceback\\nValueError: seven\\n'))
print(json.dumps({name: pickle.dumps(each, 4).hex() for name, each in made.items()}))
`;
const made = JSON.parse(spawnSync(PYTHON, ['-c', MADE], { encoding: 'utf8' }).stdout) as Record<string, string>;

function payload(name: string, recorded = Number.POSITIVE_INFINITY) {
  const whole = Buffer.from(made[name] ?? '', 'hex');
  return { bytes: whole.subarray(0, recorded), size: whole.length, encoding: 'pickle' as const };
}
const paths = (library: string) => MESSAGE_PATHS[library] ?? {};

test('the arguments of a call, and the items of a chunk', () => {
  expect(ownArguments(payload('call'), paths('pebble'), false)?.text).toBe("'a', 2, k=3");
  expect(ownArguments(payload('chunk'), paths('pebble'), true)?.text).toBe('((1,), (2,))');
  expect(ownArguments(payload('mpireCall'), paths('mpire'), false)?.text).toBe("'a', k=1");
  expect(ownArguments(payload('mpireChunk'), paths('mpire'), true)?.text).toBe("[(0, 'a'), (1, 'b')]");
  expect(ownArguments(payload('aioCall'), paths('aiomultiprocess'), false)?.text).toBe("'a'");
});

test('results, and exceptions in their place', () => {
  expect(ownOutcome(payload('done'), paths('pebble'), false)?.text).toBe('[1, 2]');
  const failed = ownOutcome(payload('failed'), paths('pebble'), true);
  expect([failed?.text, failed?.traceback?.text]).toEqual(["ValueError('seven')", 'Traceback\nValueError: seven']);
  expect(ownOutcome(payload('aioDone'), paths('aiomultiprocess'), false)?.text).toBe('42');
  const text = { text: 'ValueError: seven', traceback: { text: 'Traceback\nValueError: seven', open: false } };
  expect(ownOutcome(payload('aioFailed'), paths('aiomultiprocess'), true)).toMatchObject(text);
  expect(ownOutcome(payload('mpireFailed'), paths('mpire'), true)).toMatchObject(text);
});

test('of an exception whose message is cut, the worker has noted the last line', () => {
  const whole = payload('failed');
  const outcomes = [...whole.bytes.keys()].map((size) => ownOutcome(payload('failed', size), paths('pebble'), true));
  expect(outcomes.some((each) => each?.cut === true)).toBe(true);
  expect(outcomes.filter((each) => each?.text.includes('rebuild'))).toEqual([]);
});

test('nothing is said of what was not recorded, nor where nothing is declared', () => {
  expect(ownArguments(payload('call', 40), paths('pebble'), false)).toBe(null);
  expect(ownOutcome(payload('done', 30), paths('pebble'), false)).toBe(null);
  expect(ownArguments(payload('call'), {}, false)).toBe(null);
  expect(ownOutcome(payload('mpireFailed'), {}, true)).toBe(null);
});
