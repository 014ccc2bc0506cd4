"""Importing this file starts a process, through a function."""
import multiprocessing as mp


def work(n):
    print(n)


def main():
    workers = [mp.Process(target=work, args=(n,)) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


main()  # expect[no-main-guard]
text = """
stays where it is
"""
print(text)
