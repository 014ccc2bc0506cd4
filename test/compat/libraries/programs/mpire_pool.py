"""mpire: ordered and unordered maps, a single call, a failure. Without worker_lifespan, with which mpire sometimes fails by itself."""

from mpire import WorkerPool

import probe


def square(number):
    if number == 70:
        raise ValueError("on purpose")
    return number * number


if __name__ == "__main__":
    pool = WorkerPool(n_jobs=2)
    print(pool.map(square, range(8), chunk_size=2))
    print(pool.apply(square, 12))
    print(sorted(pool.imap_unordered(square, range(4), chunk_size=1)))
    try:
        pool.map(square, [70], chunk_size=1)
    except ValueError:
        print("failed")
    pool.terminate()
    probe.tell()
