"""multiprocessing.Pool: three workers share twelve tasks; one task fails, and its exception comes back.

Watch the workers under this program: which of them is running a task, and which is idle.
"""

import multiprocessing
import time


def square(number):
    time.sleep(0.15)
    return number * number


def refuse(number):
    time.sleep(0.3)
    raise ValueError(f"{number} is refused on purpose")


def main():
    with multiprocessing.Pool(processes=3) as pool:
        failing = pool.apply_async(refuse, (13,))
        squares = pool.map(square, range(12), chunksize=1)
        print("squares:", squares, flush=True)
        try:
            failing.get(timeout=10)
        except ValueError as error:
            print("one task failed:", error, flush=True)
        pool.close()
        pool.join()


if __name__ == "__main__":
    main()
