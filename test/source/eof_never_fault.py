from multiprocessing import Pipe, Process


def produce(out):
    out.send(1)
    out.close()


def main():
    reader, writer = Pipe(duplex=False)
    process = Process(target=produce, args=(writer,))
    process.start()
    try:
        while True:
            print(reader.recv())  # expect[eof-never]
    except EOFError:
        print('done')
    process.join()
