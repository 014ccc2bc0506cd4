"""os.fork: one process becomes three, and the parent reads the exit status of each child.

Watch the Processes view: two children appear under this program. One exits with code 0, the other with 3.
"""

import os
import sys
import time


def count(name, steps, pause):
    """Do some work that takes a while, in a child."""
    total = 0
    for step in range(steps):
        total += step
        time.sleep(pause)
    print(f"{name} (pid {os.getpid()}, child of {os.getppid()}) counted to {total}", flush=True)


def main():
    if not hasattr(os, "fork"):
        sys.exit("This system has no os.fork: try process.py instead.")

    pid_of_quick = os.fork()
    if pid_of_quick == 0:
        count("quick child", 10, 0.05)
        os._exit(0)

    pid_of_slow = os.fork()
    if pid_of_slow == 0:
        count("slow child", 20, 0.1)
        os._exit(3)

    for _ in range(2):
        pid, status = os.wait()
        name = "quick child" if pid == pid_of_quick else "slow child"
        print(f"{name} ended with exit code {os.WEXITSTATUS(status)}", flush=True)


if __name__ == "__main__":
    main()
