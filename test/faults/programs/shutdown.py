"""Sends messages while the interpreter exits: in atexit callbacks, in finalizers when modules are cleared, in a thread
that is not joined."""

import atexit
import multiprocessing
import threading

heard, says = multiprocessing.Pipe(duplex=False)
late, says_late = multiprocessing.Pipe(duplex=False)
begun = threading.Event()


class Last:
    def __init__(self):
        self.send = says_late.send

    def __del__(self):
        for number in range(5):
            self.send(number)


def chatter():
    while True:
        says.send("chatter")
        heard.recv()
        begun.set()


def leave():
    for number in range(10):
        says_late.send(number)
    print("left", flush=True)


def child():
    atexit.register(leave)  # not called: a child of multiprocessing leaves by os._exit
    says_late.send("child")
    print("child", flush=True)


last = Last()
atexit.register(leave)
if __name__ == "__main__":
    threading.Thread(target=chatter, daemon=True).start()
    begun.wait()
    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join()
    print(process.exitcode, flush=True)
