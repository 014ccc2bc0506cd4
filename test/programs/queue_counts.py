"""Two producers put 50 items each, one consumer gets all 100; then a sentinel each way. Expected: puts 101, gets 101."""

import multiprocessing
import sys


def produce(tasks, first):
    for number in range(first, first + 50):
        tasks.put(number)


def consume(tasks, done):
    seen = 0
    while tasks.get() is not None:
        seen += 1
    done.put(seen)


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    tasks = context.Queue()
    done = context.SimpleQueue()
    producers = [context.Process(target=produce, args=(tasks, n * 50), name="producer-%d" % n) for n in range(2)]
    consumer = context.Process(target=consume, args=(tasks, done), name="consumer")
    for process in producers:
        process.start()
    consumer.start()
    for process in producers:
        process.join()
    tasks.put(None)
    print(done.get())
    consumer.join()
