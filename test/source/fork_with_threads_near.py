import multiprocessing
import os
import threading


def work():
    pass


def joined():
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    os.fork()


def forked_first():
    pid = os.fork()
    thread = threading.Thread(target=work)
    thread.start()
    return pid


def other_branch(threaded):
    if threaded:
        threading.Thread(target=work).start()
    else:
        os.fork()


def spawned():
    thread = threading.Thread(target=work)
    thread.start()
    multiprocessing.get_context('spawn').Process(target=work).start()
