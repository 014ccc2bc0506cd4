"""joblib's other backend: a subclass of multiprocessing's pool."""

from joblib import Parallel, delayed

import probe


def square(number):
    return number * number


if __name__ == "__main__":
    print(Parallel(n_jobs=2, backend="multiprocessing")(delayed(square)(n) for n in range(20)))
    probe.tell()
