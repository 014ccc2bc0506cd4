"""Many write to a SimpleQueue at once, and each of them exits right after its last item."""

import multiprocessing
import sys


def write(queue):
    for number in range(200):
        queue.put("x" * number)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.SimpleQueue()
    for turn in range(3):
        writers = [multiprocessing.Process(target=write, args=(queue,), name="writer-%d" % i) for i in range(3)]
        for each in writers:
            each.start()
        for _ in range(600):
            queue.get()
        for each in writers:
            each.join()
