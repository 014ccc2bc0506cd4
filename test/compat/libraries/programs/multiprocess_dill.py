"""multiprocess, the copy of multiprocessing that pickles with dill: lambdas in a pool, a queue and a pipe."""

import multiprocess as mp

import probe

if __name__ == "__main__":
    with mp.Pool(2) as pool:
        print(pool.map(lambda number: number + 1, range(10)))
        pool.close()
        pool.join()
    queue = mp.Queue()
    here, there = mp.Pipe()

    def child():
        queue.put(lambda: "from a queue")
        there.send("from a pipe")

    process = mp.Process(target=child)
    process.start()
    print(queue.get()(), here.recv())
    process.join()
    print(process.exitcode)
    here.close()
    there.close()
    probe.tell()
