"""Threads that fork while the others send messages. Usage: fork_in_threads.py THREADS FORKS."""

import multiprocessing
import os
import sys
import threading
import warnings

warnings.simplefilter("ignore")  # about forks with threads
family, child_says = multiprocessing.Pipe(duplex=False)


def work(forks, heard, says):
    for number in range(forks):
        for each in range(20):
            says.send(each)
            heard.recv()
        pid = os.fork()
        if pid == 0:
            child_says.send(number)
            os._exit(0)
        os.waitpid(pid, 0)


def main():
    threads, forks = int(sys.argv[1]), int(sys.argv[2])
    all_of_them = [threading.Thread(target=work, args=(forks,) + multiprocessing.Pipe(duplex=False)) for _ in range(threads)]
    for each in all_of_them:
        each.start()
    total = sum(family.recv() for _ in range(threads * forks))
    for each in all_of_them:
        each.join()
    print(total)


if __name__ == "__main__":
    main()
