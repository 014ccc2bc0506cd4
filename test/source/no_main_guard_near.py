"""Starts processes, but not on import."""
import threading
from multiprocessing import Pool, Process
from multiprocessing.pool import ThreadPool


def work(n):
    return n


def main():
    Process(target=work, args=(1,)).start()
    with Pool(2) as pool:
        print(pool.map(work, range(3)))


thread = threading.Thread(target=work, args=(1,))
thread.start()
with ThreadPool(2) as threads:
    threads.map(work, range(3))

if __name__ == '__main__':
    main()
