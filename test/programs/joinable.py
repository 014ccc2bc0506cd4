"""A JoinableQueue and a SimpleQueue. Expected: jobs puts 8 gets 8 task_done 7 (the sentinel's is omitted on purpose)."""

import multiprocessing
import sys


def work(jobs, results):
    while True:
        job = jobs.get()
        if job is None:
            return
        results.put(job + 1)
        jobs.task_done()


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    jobs = context.JoinableQueue()
    results = context.SimpleQueue()
    worker = context.Process(target=work, args=(jobs, results), name="worker")
    worker.start()
    for number in range(7):
        jobs.put(number)
    jobs.join()
    total = sum(results.get() for _ in range(7))
    jobs.put(None)
    worker.join()
    print(total)
