from multiprocessing import Pipe, Process


def produce(out):
    out.send(1)
    out.close()


def closed():
    reader, writer = Pipe(duplex=False)
    Process(target=produce, args=(writer,)).start()
    writer.close()
    while True:
        try:
            print(reader.recv())
        except EOFError:
            break


def sentinel():
    reader, writer = Pipe(duplex=False)
    Process(target=produce, args=(writer,)).start()
    try:
        while True:
            if reader.recv() is None:
                break
    except EOFError:
        pass


def passed_on(keep):
    reader, writer = Pipe(duplex=False)
    keep(writer)
    try:
        while True:
            print(reader.recv())
    except EOFError:
        pass
