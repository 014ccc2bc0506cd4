"""Four listeners (AF_UNIX and AF_INET, each with and without a key), three clients of each at once, which send their name five times and receive it
as the answer; a manager's list to which the same three processes append five times each.
Expected: every message's sender and receiver, from its contents; nothing unmatched but the manager's second answer to its shutdown."""

import multiprocessing
import sys
import threading
from multiprocessing.connection import Client, Listener

PLACES = [("AF_UNIX", None), ("AF_UNIX", b"key"), ("AF_INET", None), ("AF_INET", b"key")]


def talk(name, addresses, numbers, go):
    go.wait()
    for address, (family, key) in zip(addresses, PLACES):
        with Client(address, authkey=key) as client:
            for number in range(5):
                client.send(("from", name, number))
                assert client.recv() == ("to", name, number)
    for number in range(5):
        numbers.append((name, number))


def serve(connection):
    with connection:
        for _ in range(5):
            _, name, number = connection.recv()
            connection.send(("to", name, number))


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    listeners = [Listener(("127.0.0.1", 0) if family == "AF_INET" else None, family, backlog=3, authkey=key) for family, key in PLACES]
    go = context.Event()
    with context.Manager() as manager:
        numbers = manager.list()
        addresses = [each.address for each in listeners]
        clients = [context.Process(target=talk, args=("client-%d" % i, addresses, numbers, go), name="client-%d" % i) for i in range(3)]
        for each in clients:
            each.start()
        go.set()
        for listener in listeners:
            served = []
            for _ in clients:
                served.append(threading.Thread(target=serve, args=(listener.accept(),)))
                served[-1].start()
            for each in served:
                each.join()
            listener.close()
        for each in clients:
            each.join()
        print(len(numbers))
