from multiprocessing import Process, Queue


def produce(out, n):
    for each in range(n):
        out.put('x' * each)


def one_big(out):
    out.put('x' * 1000000)


def several():
    results = Queue()
    workers = [Process(target=produce, args=(results, 1000)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()  # expect[join-before-drain]
    return [results.get() for _ in range(3000)]


def one():
    queue = Queue()
    process = Process(target=one_big, args=(queue,))
    process.start()
    process.join()  # expect[join-before-drain]
    print(queue.get())
