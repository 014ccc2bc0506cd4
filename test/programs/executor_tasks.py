"""A ProcessPoolExecutor of 2 with 6 tasks, 1 fails. Expected: submitted 6, completed 5, failed 1."""

import concurrent.futures
import multiprocessing
import sys


def work(number):
    if number == 3:
        raise KeyError(number)
    return number * number


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    total = 0
    with concurrent.futures.ProcessPoolExecutor(max_workers=2, mp_context=context) as crew:
        for future in [crew.submit(work, number) for number in range(6)]:
            try:
                total += future.result()
            except KeyError:
                total += 1000
    print(total)
