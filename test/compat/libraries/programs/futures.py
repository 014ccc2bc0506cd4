"""concurrent.futures: calls, a map in chunks, an exception, a worker's own view of itself."""

from concurrent.futures import ProcessPoolExecutor, as_completed

import probe


def square(number):
    return number * number


def fail(number):
    raise ValueError("number %d" % number)


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as executor:
        print(sorted(future.result() for future in as_completed([executor.submit(square, n) for n in range(10)])))
        print(list(executor.map(square, range(100), chunksize=10)))
        print(repr(executor.submit(fail, 3).exception()))
        print(executor.submit(probe.threads).result())
    probe.tell()
