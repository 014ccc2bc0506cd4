/** Pickles created by the Python on this machine, with Python's own text for the same values. */
import { spawnSync } from 'node:child_process';

const MAKE = `
import ast, base64, json, pickle, sys
import array, collections, datetime, decimal, enum, fractions, functools, pathlib, uuid
class Job:
    def __init__(self, **fields): self.__dict__.update(fields)
class Slotted:
    __slots__ = ("a", "b")
    def __init__(self): self.a, self.b = 1, "two"
class Point(collections.namedtuple("Point", "x y")): pass
Color = enum.Enum("Color", "RED GREEN")
def top(x): return x
loop = []; loop.append(loop)
knot = {}; knot["self"] = knot
shared = [1]; twice = [shared, shared]
out = []
for source in json.load(sys.stdin):
    value = eval(source)
    try: text = repr(value)
    except Exception: text = ""
    pickles = {}
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        try: pickles[protocol] = base64.b64encode(pickle.dumps(value, protocol)).decode()
        except Exception: pass
    out.append({"source": source, "repr": text, "pickles": pickles})
print(json.dumps(out))
`;

interface Made {
  readonly source: string;
  readonly repr: string;
  /** By protocol. */
  readonly pickles: Readonly<Record<string, string>>;
}

const found = ['python3', 'python'].find(
  (name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0,
);

/**
 * @param sources Python expressions; `Job`, `Slotted`, `Point`, `Color`, `top`, `loop`, `knot` and `twice` are defined
 */
export function pickled(sources: readonly string[]): readonly Made[] {
  if (found === undefined) throw new Error('These tests need a python3 on the PATH.');
  const run = spawnSync(found, ['-c', MAKE], {
    input: JSON.stringify(sources),
    encoding: 'utf8',
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as Made[];
}

export function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
