"""Executors and pools whose tasks do not all run: futures cancelled one by one, by shutdown(cancel_futures=True) and by map at its first failure, an
executor that breaks, pools that are terminated while working, with and without close.
Expected: the outcome of each's tasks, printed as JSON (read from the futures), and that nothing is left pending."""

import json
import multiprocessing
import multiprocessing.pool
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed


def done(number):
    return number


def wait_for(go, number):
    go.wait()
    return number


def fail(number):
    if number == 0:
        raise ValueError(number)
    time.sleep(0.01)
    return number


def vanish(go):
    go.wait()
    os._exit(3)


def fates(futures):
    found = {"completed": 0, "failed": 0, "cancelled": 0}
    for each in futures:
        found["cancelled" if each.cancelled() else "failed" if each.exception() else "completed"] += 1
    return found


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    truth = {}
    with context.Manager() as manager:
        go = manager.Event()
        with ProcessPoolExecutor(2, mp_context=context) as one_by_one:
            futures = [one_by_one.submit(wait_for, go, number) for number in range(20)]
            for each in futures[::2] + futures[::2]:
                each.cancel()
            go.set()
        truth["one_by_one"] = fates(futures)

        go = manager.Event()
        if sys.version_info >= (3, 9):
            at_shutdown = ProcessPoolExecutor(2, mp_context=context)
            futures = [at_shutdown.submit(wait_for, go, number) for number in range(20)]
            at_shutdown.shutdown(wait=False, cancel_futures=True)
            while not futures[-1].cancelled():
                time.sleep(0.01)
            go.set()
            while not all(each.done() for each in futures):
                time.sleep(0.01)
            truth["at_shutdown"] = fates(futures)

        with ProcessPoolExecutor(2, mp_context=context) as mapped:
            try:
                list(mapped.map(fail, range(30)))
            except ValueError:
                pass
        truth["mapped"] = None  # its futures are private

        go = manager.Event()
        with ProcessPoolExecutor(2, mp_context=context) as broken:
            futures = [broken.submit(done, 1)]
            futures[0].result()
            futures += [broken.submit(vanish, go)] + [broken.submit(wait_for, go, number) for number in range(9)]
            go.set()
            list(each for each in as_completed(futures))
        truth["broken"] = fates(futures)

    terminated = context.Pool(2)
    terminated.map_async(time.sleep, [600] * 10, chunksize=1)
    terminated.terminate()
    with context.Pool(2) as closed:
        closed.apply(done, (1,))
        closed.map_async(time.sleep, [600] * 10, chunksize=1)
        closed.close()
    threads = multiprocessing.pool.ThreadPool(2)
    threads.map_async(time.sleep, [0.3] * 10, chunksize=1)
    time.sleep(0.1)
    threads.terminate()
    print(json.dumps(truth))
