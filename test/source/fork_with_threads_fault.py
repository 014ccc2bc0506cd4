import multiprocessing
import os
import threading
from concurrent.futures import ThreadPoolExecutor


def work():
    pass


def plain():
    thread = threading.Thread(target=work)
    thread.start()
    if os.fork() == 0:  # expect[fork-with-threads]
        os._exit(0)
    thread.join()


def several():
    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    process = multiprocessing.get_context('fork').Process(target=work)
    process.start()  # expect[fork-with-threads]


def executor():
    with ThreadPoolExecutor() as threads:
        threads.submit(work)
        os.fork()  # expect[fork-with-threads]
