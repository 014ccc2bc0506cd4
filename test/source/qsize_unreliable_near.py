import queue
from multiprocessing import Queue


def main(unknown):
    tasks = Queue()
    local = queue.Queue()
    while not local.empty():
        local.get()
    if unknown.empty():
        return
    print(tasks.qsize(), 'waiting')
    if tasks.qsize() > 100:
        print('many')
    size = tasks.qsize()
    assert size >= 0
    tasks = None
