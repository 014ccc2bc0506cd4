"""The module starts a process when imported: its child imports it and tries again."""

import multiprocessing
import sys


def work():
    pass


child = multiprocessing.get_context(sys.argv[1]).Process(target=work, name="worker")  # made
child.start()  # started
child.join()
