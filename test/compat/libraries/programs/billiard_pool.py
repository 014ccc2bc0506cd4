"""billiard, celery's own copy of multiprocessing."""

from billiard import Pipe, Pool, Process, Queue, SimpleQueue

import probe


def square(number):
    return number * number


def fail():
    raise ValueError("on purpose")


def put(queue):
    queue.put("hello")


def answer(questions, there):
    there.send(questions.get() + 1)
    print(len(questions.get()), there.recv(), flush=True)


if __name__ == "__main__":
    pool = Pool(2)
    print(pool.map(square, range(10), chunksize=2))
    print(pool.apply(square, (12,)))
    print(list(pool.imap(square, range(3))))
    try:
        pool.apply_async(fail).get()
    except ValueError as error:
        print(error)
    pool.close()
    pool.join()
    queue = Queue()
    child = Process(target=put, args=(queue,))
    child.start()
    print(queue.get())
    child.join()
    print(child.exitcode)
    questions = SimpleQueue()
    here, there = Pipe()
    child = Process(target=answer, args=(questions, there), name="answerer")
    child.start()
    questions.put(41)
    print(here.recv())
    questions.put("x" * 100000)
    here.send("bye")
    child.join()
    probe.tell()
