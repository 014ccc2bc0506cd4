"""billiard, celery's own copy of multiprocessing."""

from billiard import Pool, Process, Queue

import probe


def square(number):
    return number * number


def put(queue):
    queue.put("hello")


if __name__ == "__main__":
    pool = Pool(2)
    print(pool.map(square, range(10)))
    pool.close()
    pool.join()
    queue = Queue()
    child = Process(target=put, args=(queue,))
    child.start()
    print(queue.get())
    child.join()
    print(child.exitcode)
    probe.tell()
