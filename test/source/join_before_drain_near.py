import os
import time
from multiprocessing import Manager, Process, Queue


def produce(out, n):
    for each in range(n):
        out.put('x' * each)


def small(out):
    out.put(42)


def consume(source):
    while source.get() is not None:
        pass


def drained():
    results = Queue()
    worker = Process(target=produce, args=(results, 1000))
    worker.start()
    got = [results.get() for _ in range(1000)]
    worker.join()
    return got


def timed():
    results = Queue()
    worker = Process(target=produce, args=(results, 1000))
    worker.start()
    worker.join(5)
    return results.get()


def one_small():
    results = Queue()
    worker = Process(target=small, args=(results,))
    worker.start()
    worker.join()
    return results.get()


def another_reads():
    results = Queue()
    producer = Process(target=produce, args=(results, 1000))
    consumer = Process(target=consume, args=(results,))
    producer.start()
    consumer.start()
    producer.join()
    results.put(None)
    consumer.join()
    return results.get(timeout=1)


def managed():
    results = Manager().Queue()
    worker = Process(target=produce, args=(results, 1000))
    worker.start()
    worker.join()
    return results.get()


def leave(results):
    for number in range(1000):
        results.put(number)
    os._exit(0)


def leave_it(results):
    results.cancel_join_thread()
    for number in range(1000):
        results.put(number)


def leaves_by_itself():
    results = Queue()
    worker = Process(target=leave, args=(results,))
    worker.start()
    worker.join()
    return results.get(timeout=1)


def does_not_wait_for_its_feeder():
    results = Queue()
    worker = Process(target=leave_it, args=(results,))
    worker.start()
    worker.join()
    return results.get(timeout=1)


def terminated():
    results = Queue()
    worker = Process(target=produce, args=(results, 1000))
    worker.start()
    time.sleep(1)
    worker.terminate()
    worker.join()
    return results.get(timeout=1)


def killed_by_number():
    results = Queue()
    worker = Process(target=produce, args=(results, 1000))
    worker.start()
    time.sleep(1)
    os.kill(worker.pid, 9)
    worker.join()
    return results.get(timeout=1)
