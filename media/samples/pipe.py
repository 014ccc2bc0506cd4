"""multiprocessing.Pipe: a conversation over a duplex pipe, then a one-way pipe that ends in EOFError.

Watch the message list in the panel: each message with its payload, and the source lines of its send and receive.
"""

import multiprocessing
import time


def answer(questions):
    """The other end of a duplex pipe: receives and sends on the same connection."""
    while True:
        question = questions.recv()
        if question == "goodbye":
            break
        time.sleep(0.1)
        questions.send({"question": question, "answer": len(question)})
    questions.close()


def report(temperatures):
    """The writing end of a one-way pipe; closing it is what the reader sees as EOFError."""
    for hour, degrees in enumerate((11.5, 12.0, 14.25, 17.0)):
        time.sleep(0.1)
        temperatures.send((hour, degrees))
    temperatures.close()


def main():
    here, there = multiprocessing.Pipe()
    other_side = multiprocessing.Process(target=answer, args=(there,), name="answers")
    other_side.start()
    there.close()
    for question in ("how long is this", "and this one", "goodbye"):
        here.send(question)
        if question != "goodbye":
            print(here.recv(), flush=True)
    other_side.join()

    reader, writer = multiprocessing.Pipe(duplex=False)
    thermometer = multiprocessing.Process(target=report, args=(writer,), name="thermometer")
    thermometer.start()
    writer.close()  # while this end is open in any process, the reader never meets EOFError
    while True:
        try:
            hour, degrees = reader.recv()
        except EOFError:
            print("the thermometer has closed its end", flush=True)
            break
        print("hour", hour, "degrees", degrees, flush=True)
    thermometer.join()


if __name__ == "__main__":
    main()
