"""Under spawn a lambda cannot be a target."""

import multiprocessing
import sys

if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    child = multiprocessing.Process(target=lambda: None, name="worker")
    try:
        child.start()  # start
    except Exception as error:
        print(error)
