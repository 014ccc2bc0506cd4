from multiprocessing import JoinableQueue, Process, Queue


def consume(source):
    while not source.empty():  # expect[qsize-unreliable]
        print(source.get())


class Box:
    def __init__(self):
        self.items = JoinableQueue(3)

    def add(self, item):
        if self.items.full():  # expect[qsize-unreliable]
            return False
        self.items.put(item)
        return True


def main():
    tasks = Queue()
    worker = Process(target=consume, args=(tasks,))
    worker.start()
    if tasks.qsize() > 10:  # expect[qsize-unreliable]
        tasks.put(None)
    worker.join()
