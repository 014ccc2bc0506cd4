"""multiprocessing.Queue with room for three: a fast producer meets Full, an eager consumer meets Empty.

Watch the depth of "tasks" in the Channels view and its chart in the panel: it fills to 3/3 and drains.
"""

import os
import sys

# A script called queue.py hides the standard library's module of that name, which multiprocessing itself imports.
# So this folder leaves the search path, and an import of "queue" that finds this file gets the real module instead.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or ".") != HERE]
if __name__ == "queue":
    del sys.modules["queue"]

import multiprocessing
import time
from queue import Empty, Full

ITEMS = 12
LAST = None


def produce(tasks):
    """Puts faster than the consumer gets: the queue fills up, and put blocks or raises Full."""
    for number in range(ITEMS):
        item = {"id": number, "text": "task number %d" % number}
        try:
            tasks.put(item, timeout=0.1)
        except Full:
            print("tasks is full, waiting to put", number, flush=True)
            tasks.put(item)
    tasks.put(LAST)


def consume(tasks, results):
    while True:
        item = tasks.get()
        if item is LAST:
            break
        time.sleep(0.2)
        results.put((item["id"], item["text"].upper()))


def main():
    tasks = multiprocessing.Queue(maxsize=3)
    results = multiprocessing.Queue()
    producer = multiprocessing.Process(target=produce, args=(tasks,), name="producer")
    consumer = multiprocessing.Process(target=consume, args=(tasks, results), name="consumer")
    producer.start()
    consumer.start()

    done = 0
    while done < ITEMS:
        try:
            number, text = results.get(timeout=0.15)
        except Empty:
            print("nothing yet", flush=True)
            continue
        done += 1
        print("result", number, text, flush=True)

    producer.join()
    consumer.join()


if __name__ == "__main__":
    main()
