"""The main program is done, and at exit joins a consumer that waits for items."""

import multiprocessing


def consume(queue):
    while True:
        queue.get()  # reads


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    queue = multiprocessing.Queue()
    multiprocessing.Process(target=consume, args=(queue,), name="consumer").start()
    queue.put(1)
