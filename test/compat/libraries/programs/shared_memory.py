"""multiprocessing.shared_memory, directly and through its manager."""

import multiprocessing as mp
from multiprocessing import shared_memory
from multiprocessing.managers import SharedMemoryManager

import probe


def double(name, size):
    memory = shared_memory.SharedMemory(name)
    for index in range(size):
        memory.buf[index] *= 2
    memory.close()


def lengthen(numbers):
    numbers[0] = 100
    numbers.shm.close()


if __name__ == "__main__":
    memory = shared_memory.SharedMemory(create=True, size=16)
    memory.buf[:16] = bytes(range(16))
    child = mp.Process(target=double, args=(memory.name, 16))
    child.start()
    child.join()
    print(bytes(memory.buf[:16]), child.exitcode)
    memory.close()
    memory.unlink()
    with SharedMemoryManager() as manager:
        numbers = manager.ShareableList([1, 2, 3])
        child = mp.Process(target=lengthen, args=(numbers,))
        child.start()
        child.join()
        print(list(numbers), child.exitcode)
    probe.tell()
