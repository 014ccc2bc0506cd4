"""A small but realistic pipeline: read, parse in parallel, count in a pool, report through a pipe.

    reader --lines--> 2 parsers --words--> collector --pool of 2--> scores --pipe--> reporter

Everything that Forkscope shows is in it: os.fork, Process, Queue, JoinableQueue, Pool, Pipe, a lock and an event.
"""

import multiprocessing
import os
import time

LINES = [
    "the quick brown fox jumps over the lazy dog",
    "a queue is a pipe with a lock and a patient thread",
    "every process waits for another",
    "fork returns twice and that is the whole trick",
    "who closes the last writer lets the reader go home",
    "a pool is a promise to be busy later",
] * 6
PARSERS = 2


def read(lines, ready):
    ready.wait()
    for number, text in enumerate(LINES):
        lines.put((number, text))
        time.sleep(0.08)
    for _ in range(PARSERS):
        lines.put(None)
    lines.join()  # JoinableQueue: returns when every line was marked done


def parse(lines, words, shouting):
    while True:
        item = lines.get()
        if item is None:
            lines.task_done()
            words.put(None)
            return
        number, text = item
        time.sleep(0.15)
        with shouting:  # a lock, so that the output of both parsers does not mix
            print("parsed line", number, flush=True)
        words.put((number, text.split()))
        lines.task_done()


def score(words):
    time.sleep(0.02)
    return sum(len(word) for word in words)


def tell(scores, other_end):
    """Runs in the reporter, at the reading end of a pipe, until the last writer is closed."""
    other_end.close()  # this process has a copy of the writing end too: open, it would never see EOFError
    best = (0, -1)
    while True:
        try:
            number, points = scores.recv()
        except EOFError:
            print("best line:", best[1], "with", best[0], "letters", flush=True)
            return
        best = max(best, (points, number))


def note_the_end(log_of_pid):
    """A bare os.fork: the child writes one line and leaves with exit code 0."""
    if not hasattr(os, "fork"):
        return
    pid = os.fork()
    if pid == 0:
        print("the pipeline of", log_of_pid, "is done", flush=True)
        os._exit(0)
    os.waitpid(pid, 0)


def main():
    lines = multiprocessing.JoinableQueue(maxsize=5)
    words = multiprocessing.Queue()
    ready = multiprocessing.Event()
    shouting = multiprocessing.Lock()
    scores_in, scores_out = multiprocessing.Pipe(duplex=False)

    pool = multiprocessing.Pool(processes=2)
    reader = multiprocessing.Process(target=read, args=(lines, ready), name="reader")
    parsers = [
        multiprocessing.Process(target=parse, args=(lines, words, shouting), name="parser-%d" % (number + 1))
        for number in range(PARSERS)
    ]
    reporter = multiprocessing.Process(target=tell, args=(scores_in, scores_out), name="reporter")
    for process in [reader, *parsers]:
        process.start()
    reporter.start()
    scores_in.close()
    ready.set()

    ended = 0
    while ended < PARSERS:
        item = words.get()
        if item is None:
            ended += 1
            continue
        number, parsed = item
        scores_out.send((number, pool.apply(score, (parsed,))))
    scores_out.close()

    pool.close()
    pool.join()
    for process in [reader, *parsers, reporter]:
        process.join()
    note_the_end(os.getpid())


if __name__ == "__main__":
    main()
