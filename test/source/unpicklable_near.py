import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Manager, Pool, Process, Queue
from multiprocessing.pool import ThreadPool
from queue import SimpleQueue

import multiprocess


def task(queue):
    queue.put(1)


def tasks():
    with ThreadPool(2) as threads:
        threads.map(lambda n: n + 1, range(3))
    with ThreadPoolExecutor() as executor:
        executor.submit(lambda: 1)
    with multiprocess.Pool(2) as pool:
        pool.map(lambda n: n + 1, range(3))
    shared = Manager().Queue()
    with Pool(2, initializer=task, initargs=(Queue(),)) as pool:
        pool.apply(task, (shared,), callback=lambda result: None)
        sorted(range(3), key=lambda n: -n)
    SimpleQueue().put(lambda: 1)


def forked():
    context = multiprocessing.get_context('fork')
    context.Process(target=lambda: None).start()
    Process(target=task, args=(Queue(),)).start()
