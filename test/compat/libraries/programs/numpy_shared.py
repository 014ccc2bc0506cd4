"""numpy arrays: in shared memory, through a pool, through a queue."""

import multiprocessing as mp
from multiprocessing import shared_memory

import numpy

import probe


def fill(name, shape, value):
    memory = shared_memory.SharedMemory(name)
    numpy.ndarray(shape, dtype="f8", buffer=memory.buf)[:] = value
    memory.close()


def total(array):
    return float(array.sum())


def send(queue):
    queue.put(numpy.arange(100000, dtype="i8"))


if __name__ == "__main__":
    memory = shared_memory.SharedMemory(create=True, size=8 * 1000)
    array = numpy.ndarray((1000,), dtype="f8", buffer=memory.buf)
    child = mp.Process(target=fill, args=(memory.name, array.shape, 1.5))
    child.start()
    child.join()
    print(array.sum())
    del array
    memory.close()
    memory.unlink()
    with mp.Pool(2) as pool:
        print(pool.map(total, [numpy.full(1000, n) for n in range(8)]))
    queue = mp.Queue()
    child = mp.Process(target=send, args=(queue,))
    child.start()
    print(queue.get().sum())
    child.join()
    probe.tell()
