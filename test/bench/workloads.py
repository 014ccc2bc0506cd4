"""The measured workloads, each once in a separate process. Prints the seconds of the measured part.

python workloads.py NAME COUNT
"""

import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

clock = time.perf_counter


def put_all(queue, item, count):
    for _ in range(count):
        queue.put(item)


def through(queue, item, count):
    producer = multiprocessing.Process(target=put_all, args=(queue, item, count))
    producer.start()
    queue.get()
    begun = clock()
    for _ in range(count - 1):
        queue.get()
    taken = clock() - begun
    producer.join()
    return taken


def queue_ints(count):
    return through(multiprocessing.Queue(), 7, count)


def queue_kilobytes(count):
    return through(multiprocessing.Queue(), b"x" * 1024, count)


def simple_queue(count):
    return through(multiprocessing.SimpleQueue(), 7, count)


def put_only(count):
    queue = multiprocessing.Queue()
    begun = clock()
    put_all(queue, 7, count)
    taken = clock() - begun
    for _ in range(count):
        queue.get()
    return taken


def echo(connection, count):
    for _ in range(count):
        connection.send(connection.recv())


def ping_pong(count):
    here, there = multiprocessing.Pipe()
    child = multiprocessing.Process(target=echo, args=(there, count))
    child.start()
    begun = clock()
    for number in range(count):
        here.send(number)
        here.recv()
    taken = clock() - begun
    child.join()
    return taken


def send_all(connection, count):
    for number in range(count):
        connection.send(number)


def pipe_one_way(count):
    reader, writer = multiprocessing.Pipe(False)
    child = multiprocessing.Process(target=send_all, args=(writer, count))
    child.start()
    reader.recv()
    begun = clock()
    for _ in range(count - 1):
        reader.recv()
    taken = clock() - begun
    child.join()
    return taken


def nothing(_):
    pass


def pool_map(count):
    with multiprocessing.Pool(2) as pool:
        pool.map(nothing, range(2))
        begun = clock()
        pool.map(nothing, range(count), chunksize=1)
        return clock() - begun


def executor(count):
    with ProcessPoolExecutor(2) as pool:
        pool.submit(nothing, 0).result()
        begun = clock()
        for future in [pool.submit(nothing, number) for number in range(count)]:
            future.result()
        return clock() - begun


def fork(count):
    begun = clock()
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
    return clock() - begun


def process(method):
    def run(count):
        context = multiprocessing.get_context(method)
        context.Process(target=nothing, args=(0,)).start()  # starts the helpers too
        begun = clock()
        for _ in range(count):
            child = context.Process(target=nothing, args=(0,))
            child.start()
            child.join()
        return clock() - begun

    return run


def never_met():
    return "where a debugger's breakpoint is set"


def calculate(amount):
    total = 0
    for number in range(amount):
        total += plus(number)
    return total


def plus(number):
    return number + 1


def processor(count):
    children = [multiprocessing.Process(target=calculate, args=(count,)) for _ in range(2)]
    begun = clock()
    for child in children:
        child.start()
    for child in children:
        child.join()
    return clock() - begun


WORKLOADS = {
    "queue_ints": queue_ints,
    "queue_kilobytes": queue_kilobytes,
    "simple_queue": simple_queue,
    "put_only": put_only,
    "ping_pong": ping_pong,
    "pipe_one_way": pipe_one_way,
    "pool_map": pool_map,
    "executor": executor,
    "fork": fork,
    "process_fork": process("fork"),
    "process_forkserver": process("forkserver"),
    "process_spawn": process("spawn"),
    "processor": processor,
}

if __name__ == "__main__":
    print(WORKLOADS[sys.argv[1]](int(sys.argv[2])))
