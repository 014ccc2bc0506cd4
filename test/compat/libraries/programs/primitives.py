"""The standard library's own: Process, Pool, Queue, Pipe, Manager, locks."""

import multiprocessing as mp

import probe


def work(tasks, results, lock):
    for task in iter(tasks.get, None):
        with lock:
            results.put((task, task * 2))
    results.put(probe.threads()[0])


def echo(end):
    end.send(end.recv()[::-1])
    end.close()


def square(number):
    return number * number


if __name__ == "__main__":
    tasks, results, lock = mp.Queue(), mp.Queue(), mp.Lock()
    worker = mp.Process(target=work, args=(tasks, results, lock), name="doubler")
    worker.start()
    for task in list(range(20)) + [None]:
        tasks.put(task)
    print([results.get() for _ in range(20)], results.get())
    worker.join()
    print(worker.exitcode)
    here, there = mp.Pipe()
    child = mp.Process(target=echo, args=(there,))
    child.start()
    there.close()
    here.send(b"abc" * 100000)
    print(len(here.recv()))
    child.join()
    try:
        here.recv()
    except EOFError:
        print("closed")
    here.close()
    with mp.Pool(2) as pool:
        print(pool.map(square, range(50)), pool.apply(square, (9,)), sorted(pool.imap_unordered(square, range(5))))
        pool.close()
        pool.join()
    with mp.Manager() as manager:
        shared = manager.dict(a=1)
        shared["b"] = 2
        print(sorted(shared.items()))
    probe.tell()
