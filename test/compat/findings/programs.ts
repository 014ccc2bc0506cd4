/** Public programs that use several processes, run in the usual way: none of them has a fault. */

export interface Program {
  readonly title: string;
  /** pip's arguments; null: the standard library is sufficient. */
  readonly packages: readonly string[];
  /** The module without which it is skipped; null: none. */
  readonly needs: string | null;
  /** Arguments of the interpreter. SOURCES is a folder of Python files, WORK an empty one. */
  readonly args: readonly string[];
  /** Files in WORK. */
  readonly files?: Readonly<Record<string, string>>;
  /** Allowed exit codes; by default only 0. Linters use others if they report something. */
  readonly codes?: readonly number[];
  /** Minimum number of processes: a program that ran in a single one has shown nothing. */
  readonly processes: number;
}

const ADD = 'def add(n):\n    return n + 1\n\n\n';
const MAIN = "if __name__ == '__main__':\n";
const tests = Array.from(
  { length: 6 },
  (_, n) =>
    `import unittest\n\n\nclass Test${n}(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(sum(range(100)), 4950)\n\n    def test_b(self):\n        self.assertTrue(True)\n`,
);
const testFiles = Object.fromEntries(tests.map((text, n) => [`test_part${n}.py`, text]));
const pages = Object.fromEntries(
  Array.from({ length: 12 }, (_, n) => [`docs/page${n}.rst`, `Page ${n}\n=======\n\nSome *text*.\n`]),
);

export const PROGRAMS: readonly Program[] = [
  {
    title: 'compileall -j',
    packages: [],
    needs: null,
    args: ['-m', 'compileall', '-q', '-f', '-j', '2', 'SOURCES'],
    processes: 3,
  },
  {
    title: 'pytest-xdist',
    packages: ['pytest', 'pytest-xdist'],
    needs: 'xdist',
    args: ['-m', 'pytest', '-q', '-n', '2', '-p', 'no:cacheprovider', 'WORK'],
    files: testFiles,
    processes: 3,
  },
  {
    title: 'unittest-parallel',
    packages: ['unittest-parallel'],
    needs: 'unittest_parallel',
    args: ['-m', 'unittest_parallel', '-j', '2', '-s', 'WORK', '-t', 'WORK'],
    files: testFiles,
    processes: 3,
  },
  {
    title: 'black --workers',
    packages: ['black'],
    needs: 'black',
    args: ['-m', 'black', '-q', '--check', '--workers', '2', 'SOURCES'],
    codes: [0, 1],
    processes: 3,
  },
  {
    title: 'flake8 -j',
    packages: ['flake8'],
    needs: 'flake8',
    args: ['-m', 'flake8', '-j', '2', '--isolated', 'SOURCES'],
    codes: [0, 1],
    processes: 3,
  },
  {
    title: 'pylint -j',
    packages: ['pylint'],
    needs: 'pylint',
    args: ['-m', 'pylint', '-j', '2', '--disable=all', '--enable=E', '--exit-zero', 'SOURCES'],
    processes: 3,
  },
  {
    title: 'isort --jobs',
    packages: ['isort'],
    needs: 'isort',
    args: ['-m', 'isort', '--jobs', '2', '--check-only', '-q', 'SOURCES'],
    codes: [0, 1],
    processes: 3,
  },
  {
    title: 'yapf --parallel',
    packages: ['yapf'],
    needs: 'yapf',
    args: ['-m', 'yapf', '--parallel', '--diff', '--recursive', 'SOURCES/mime'],
    codes: [0, 1],
    processes: 3,
  },
  {
    title: 'sphinx -j',
    packages: ['sphinx'],
    needs: 'sphinx',
    args: ['-m', 'sphinx', '-q', '-j', '2', '-b', 'html', 'WORK/docs', 'WORK/html'],
    files: {
      ...pages,
      'docs/conf.py': "project = 'x'\n",
      'docs/index.rst': `All\n===\n\n.. toctree::\n\n${Object.keys(pages)
        .map((each) => `   ${each.slice(5, -4)}`)
        .join('\n')}\n`,
    },
    processes: 3,
  },
  {
    title: 'luigi --workers',
    packages: ['luigi'],
    needs: 'luigi',
    args: ['-m', 'luigi', '--module', 'flow', 'All', '--local-scheduler', '--workers', '3'],
    files: {
      'flow.py': `import luigi


class Part(luigi.Task):
    number = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget("part%d.txt" % self.number)

    def run(self):
        with self.output().open("w") as file:
            file.write(str(self.number))


class All(luigi.WrapperTask):
    def requires(self):
        return [Part(number) for number in range(6)]
`,
    },
    processes: 3,
  },
  {
    title: 'joblib, loky and multiprocessing',
    packages: ['joblib'],
    needs: 'joblib',
    args: ['WORK/job.py'],
    files: {
      'job.py': `from joblib import Parallel, delayed\n\n\n${ADD}${MAIN}    for backend in ("loky", "multiprocessing"):\n        print(Parallel(n_jobs=2, backend=backend)(delayed(add)(n) for n in range(20)))\n`,
    },
    processes: 3,
  },
  {
    title: 'pebble',
    packages: ['pebble'],
    needs: 'pebble',
    args: ['WORK/job.py'],
    files: {
      'job.py': `from pebble import ProcessPool\n\n\n${ADD}${MAIN}    with ProcessPool(max_workers=2) as pool:\n        futures = [pool.schedule(add, args=[n], timeout=30) for n in range(20)]\n        print([each.result() for each in futures])\n`,
    },
    processes: 3,
  },
  {
    title: 'mpire',
    packages: ['mpire'],
    needs: 'mpire',
    args: ['WORK/job.py'],
    files: {
      'job.py': `from mpire import WorkerPool\n\n\n${ADD}${MAIN}    with WorkerPool(n_jobs=2) as pool:\n        print(pool.map(add, range(20)))\n`,
    },
    processes: 3,
  },
  {
    title: 'dask, processes',
    packages: ['dask'],
    needs: 'dask.bag',
    args: ['WORK/job.py'],
    files: {
      'job.py': `import dask.bag\n\n\n${ADD}${MAIN}    bag = dask.bag.from_sequence(range(50), npartitions=6)\n    print(bag.map(add).sum().compute(scheduler="processes", num_workers=2))\n`,
    },
    processes: 2,
  },
  {
    title: 'tqdm, process_map',
    packages: ['tqdm'],
    needs: 'tqdm.contrib.concurrent',
    args: ['WORK/job.py'],
    files: {
      'job.py': `from tqdm.contrib.concurrent import process_map\n\n\n${ADD}${MAIN}    print(process_map(add, range(20), max_workers=2, chunksize=2))\n`,
    },
    processes: 3,
  },
  {
    title: 'concurrent-log-handler',
    packages: ['concurrent-log-handler'],
    needs: 'concurrent_log_handler',
    args: ['WORK/job.py'],
    files: {
      'job.py': `import logging
import multiprocessing

from concurrent_log_handler import ConcurrentRotatingFileHandler


def work(n):
    logger = logging.getLogger("x")
    logger.addHandler(ConcurrentRotatingFileHandler("x.log", maxBytes=2000, backupCount=3))
    for line in range(20):
        logger.warning("%d %d", n, line)


${MAIN}    all = [multiprocessing.Process(target=work, args=(n,)) for n in range(3)]
    for each in all:
        each.start()
    for each in all:
        each.join()
`,
    },
    processes: 4,
  },
];
