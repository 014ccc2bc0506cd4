"""A pool of 3: map of 10 in chunks of 2 (5 tasks), 4 apply_async of which 2 fail, imap of 3.
Expected: submitted 12, completed 10, failed 2, pending 0, running 0."""

import multiprocessing
import sys


def double(number):
    return number * 2


def fail(number):
    raise ValueError(number)


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(3) as pool:
        total = sum(pool.map(double, range(10), chunksize=2))
        results = [pool.apply_async(double, (1,)), pool.apply_async(fail, (2,)), pool.apply_async(fail, (3,)), pool.apply_async(double, (4,))]
        for result in results:
            try:
                total += result.get()
            except ValueError:
                total += 1000
        total += sum(pool.imap(double, range(3)))
        pool.close()
        pool.join()
    print(total)
