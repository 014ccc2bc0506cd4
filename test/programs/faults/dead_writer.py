"""A process is killed while it writes a large item: it holds the queue's write lock, so no other process can write, or read the rest."""

import multiprocessing
import sys
import time


def big(queue, written):
    queue.put(b"x" * 1000000)
    written.wait()
    time.sleep(60)


def small(queue):
    queue.put(1)  # put


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue, written = multiprocessing.Queue(), multiprocessing.Event()
    killed = multiprocessing.Process(target=big, args=(queue, written), name="big")
    killed.start()
    while not queue._reader.poll(0.1):
        pass
    time.sleep(0.3)
    killed.kill() if hasattr(killed, "kill") else killed.terminate()
    killed.join()
    other = multiprocessing.Process(target=small, args=(queue,), name="small")
    other.start()
    queue.get()  # reads
