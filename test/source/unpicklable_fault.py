import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pipe, Pool, Process, Queue


def task(queue):
    queue.put(1)


def tasks():
    def nested(n):
        return n

    with Pool(2) as pool:
        pool.map(lambda n: n + 1, range(3))  # expect[unpicklable]
        pool.map(nested, range(3))  # expect[unpicklable]
        queue = Queue()
        pool.apply(task, (queue,))  # expect[unpicklable]
    with ProcessPoolExecutor() as executor:
        executor.submit(nested, 1).result()  # expect[unpicklable]


def messages():
    queue = Queue()
    queue.put(lambda: 1)  # expect[unpicklable]
    left, right = Pipe()
    left.send(lambda: 1)  # expect[unpicklable]
    return right


def processes():
    context = multiprocessing.get_context('spawn')
    context.Process(target=lambda: None).start()  # expect[unpicklable]

    def inner():
        pass

    Process(target=inner).start()  # expect[unpicklable]
