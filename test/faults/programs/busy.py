"""Uses every kind of channel until it is killed. Usage: busy.py METHOD [ROUNDS]. Each channel has one writer and one
reader."""

import multiprocessing
import os
import sys

from account import account


def work(letter, tasks, results, talk, rounds):
    account("began")
    for _ in range(rounds):
        item = tasks.get()
        account("get tasks_" + letter)
        results.put((letter, item))
        account("put results_" + letter)
        talk.send({"item": item, "padding": "x" * (item % 300)})
        account("send talk_" + letter)


def main():
    multiprocessing.set_start_method(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
    tasks_a = multiprocessing.SimpleQueue()
    tasks_b = multiprocessing.SimpleQueue()
    results_a = multiprocessing.Queue()
    results_b = multiprocessing.Queue()
    talk_a, say_a = multiprocessing.Pipe(duplex=False)
    talk_b, say_b = multiprocessing.Pipe(duplex=False)
    family, child_says = multiprocessing.Pipe(duplex=False)
    workers = [
        multiprocessing.Process(target=work, args=("a", tasks_a, results_a, say_a, rounds)),
        multiprocessing.Process(target=work, args=("b", tasks_b, results_b, say_b, rounds)),
    ]
    account("began")
    for each in workers:
        each.start()
    for number in range(rounds):
        tasks_a.put(number)
        account("put tasks_a")
        tasks_b.put(number)
        account("put tasks_b")
        if number % 16 == 0:
            pid = os.fork()
            if pid == 0:
                child_says.send(number)
                account("send family")
                os._exit(7)
            family.recv()
            account("recv family")
            os.waitpid(pid, 0)
            account("reaped %d" % pid)
        results_a.get()
        account("get results_a")
        talk_a.recv()
        account("recv talk_a")
        results_b.get()
        account("get results_b")
        talk_b.recv()
        account("recv talk_b")
    for each in workers:
        each.join()
    print("done")


if __name__ == "__main__":
    main()
