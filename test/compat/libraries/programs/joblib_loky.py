"""joblib's default backend, loky: reusable workers, an exception, a big array through a memory map."""

import os

from joblib import Parallel, delayed

import probe


def square(number):
    return number * number


def fail(number):
    raise ValueError("number %d" % number)


if __name__ == "__main__":
    with Parallel(n_jobs=2) as parallel:
        print(parallel(delayed(square)(n) for n in range(20)))
        workers = set(parallel(delayed(os.getpid)() for _ in range(8)))
        print(os.getpid() in workers, 1 <= len(workers) <= 2)
        try:
            parallel(delayed(fail)(n) for n in (1,))
        except ValueError as error:
            print(error)
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)
    probe.tell()
