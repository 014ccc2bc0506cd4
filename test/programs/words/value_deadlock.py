"""Two processes take the locks of a Value and of an Array in a different order."""

import multiprocessing


def work(counter, table, barrier):
    with table.get_lock():
        table[0] += 1
        barrier.wait()
        counter.value += 1  # child waits


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    counter, table = multiprocessing.Value("i"), multiprocessing.Array("i", 3)
    barrier = multiprocessing.Barrier(2)
    child = multiprocessing.Process(target=work, args=(counter, table, barrier), name="worker")
    child.start()
    with counter:
        barrier.wait()
        with table.get_lock():  # parent waits
            pass
