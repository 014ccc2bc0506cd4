"""multiprocessing.Process: workers with names, a join with a timeout, a worker that fails and one that gets terminated.

Watch the Processes view: each worker shows how it exited. A signal kills "impatient", and "clumsy" raises.
"""

import multiprocessing
import time


def work(seconds):
    time.sleep(seconds)


def stumble():
    time.sleep(0.5)
    raise ValueError("this worker fails on purpose")


def main():
    steady = multiprocessing.Process(target=work, args=(2.0,), name="steady")
    impatient = multiprocessing.Process(target=work, args=(60.0,), name="impatient")
    clumsy = multiprocessing.Process(target=stumble, name="clumsy")
    workers = [steady, impatient, clumsy]
    for worker in workers:
        worker.start()

    impatient.join(timeout=1.0)  # gives up after a second: it still sleeps
    if impatient.is_alive():
        impatient.terminate()

    for worker in workers:
        worker.join()
        print(f"{worker.name}: exit code {worker.exitcode}", flush=True)


if __name__ == "__main__":
    main()
