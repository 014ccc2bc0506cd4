"""Questions a child that may have another monotonic clock. Usage: other_clock.py COUNT [WRAPPER of the child's
interpreter].

After all answers it waits for the file $ACCOUNT.on.
"""

import multiprocessing
import os
import sys
import time

from account import account


def answer(questions, answers):
    for number in iter(questions.get, None):
        answers.put(number)


def main():
    count = int(sys.argv[1])
    if len(sys.argv) > 2:
        multiprocessing.set_executable(sys.argv[2])
    context = multiprocessing.get_context("spawn")
    questions, answers = context.Queue(), context.Queue()
    child = context.Process(target=answer, args=(questions, answers), name="child")
    child.start()
    for number in range(count):
        questions.put(number)
        if answers.get() != number:
            print("not", number)
    account("talked")
    while not os.path.exists(os.environ["ACCOUNT"] + ".on"):
        time.sleep(0.02)
    questions.put(None)
    child.join()
    print("end", flush=True)


if __name__ == "__main__":
    main()
