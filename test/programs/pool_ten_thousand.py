"""4 workers, 10,000 tasks: 200 calls of apply_async, 180 chunks of a map of 9,000 items, 9,620 items of imap_unordered.

Every 10th call and every item of imap_unordered divisible by 97 fails. A worker is replaced after 500 tasks. Prints as JSON the
tasks of each worker: {pid: [done, failed]}.
"""

import json
import multiprocessing
import os
import sys


def call(x, step=10):
    if x % step == 0:
        raise ValueError(os.getpid())
    return os.getpid()


def item(x):
    return os.getpid()


def single(x):
    if x % 97 == 0:
        raise ValueError(os.getpid())
    return os.getpid()


def main():
    context = multiprocessing.get_context(sys.argv[1])
    pool = context.Pool(4, maxtasksperchild=500)
    did = {}

    def count(pid, failed):
        did.setdefault(pid, [0, 0])[failed] += 1

    calls = [pool.apply_async(call, (x,), {"step": 10}) for x in range(200)]
    for each in calls:
        try:
            count(each.get(), 0)
        except ValueError as error:
            count(error.args[0], 1)
    for pid in pool.map(item, range(9000), chunksize=50)[::50]:
        count(pid, 0)
    items = pool.imap_unordered(single, range(9620))
    while True:
        try:
            count(next(items), 0)
        except StopIteration:
            break
        except ValueError as error:
            count(error.args[0], 1)
    pool.close()
    pool.join()
    print(json.dumps(did))


if __name__ == "__main__":
    main()
