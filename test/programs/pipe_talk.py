"""A duplex pipe: 10 questions, 10 answers. A one-way pipe: 5 messages, two raw byte strings, then EOFError.
Expected: duplex sends 20, receives 20; one-way sends 7, receives 7, EOFError 1; one poll that times out."""

import multiprocessing
import sys


def answer(end):
    for _ in range(10):
        end.send(end.recv() * 2)
    end.close()


def tell(writer):
    for number in range(5):
        writer.send({"number": number})
    writer.send_bytes(b"raw bytes")
    writer.send_bytes(b"0123456789", 2, 5)
    writer.close()


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    here, there = context.Pipe()
    other = context.Process(target=answer, args=(there,), name="answers")
    other.start()
    there.close()
    assert here.poll(0.01) is False
    total = 0
    for number in range(10):
        here.send(number)
        total += here.recv()
    other.join()

    reader, writer = context.Pipe(duplex=False)
    teller = context.Process(target=tell, args=(writer,), name="teller")
    teller.start()
    writer.close()
    for _ in range(5):
        total += reader.recv()["number"]
    buffer = bytearray(16)
    size = reader.recv_bytes_into(buffer)
    last = reader.recv_bytes()
    try:
        reader.recv()
    except EOFError:
        print(total, bytes(buffer[:size]), last)
    teller.join()
