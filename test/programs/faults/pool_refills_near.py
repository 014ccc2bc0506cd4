"""A pool's thread forks worker after worker while the main thread forks too: the only other threads are the library's."""

import multiprocessing
import sys


def task(number):
    return number


def nothing():
    pass


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    tasks, children = (30, 10) if sys.argv[1] == "fork" else (4, 1)
    pool = multiprocessing.Pool(2, maxtasksperchild=1)
    results = [pool.apply_async(task, (number,)) for number in range(tasks)]
    for _ in range(children):
        child = multiprocessing.Process(target=nothing)
        child.start()
        child.join()
    print(sum(each.get() for each in results))
    pool.close()
    pool.join()
