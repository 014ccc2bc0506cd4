"""Messages that were taken from their pipe but could not be unpickled: received, but not returned by get."""

import sys
import unittest

from support import Alike

PROGRAM = """
import multiprocessing, sys
class Row(object):
    def __init__(self, n):
        self.n = n
    def __reduce__(self):
        return make, (self.n,)
def make(n):
    if n == 1:
        raise ValueError('row 1')
    if n == 2:
        raise EOFError('row 2')
    return n
def take(get):
    try:
        print(get())
    except Exception as error:
        print(type(error).__name__, error)
if __name__ == '__main__':
    queue, simple, (reader, writer) = multiprocessing.Queue(), multiprocessing.queues.SimpleQueue%s, multiprocessing.Pipe(False)
    for put, get in (queue.put, lambda: queue.get(timeout=30)), (simple.put, simple.get), (writer.send, reader.recv):
        for each in range(4):
            put(Row(each))
        for each in range(4):
            take(get)
    for get in lambda: queue.get(False), lambda: queue.get(True, 0.01):
        take(get)
    writer.close()
    take(reader.recv)
"""


class Unread(Alike):
    def test_what_fails_in_unpickling_is_received_and_not_got(self):
        context = "(ctx=multiprocessing.get_context())" if sys.version_info[0] == 3 else "()"
        result = self.assertSame(PROGRAM % context)
        channels = {each["name"]: each for each in result.records("channel")}

        def outcomes(kind, of):
            return [(event.outcome, event.line[1]) for event in result.events(kind) if event.obj in of]

        def ends(channel):
            return [end["id"] for end in channel["ends"]]

        queue, simple = channels["queue"], channels["simple"]
        pipe = [each for each in result.records("channel") if each["kind"] == "Pipe"][0]
        self.assertEqual([outcome for outcome, _ in outcomes("RECV", ends(queue))], ["OK"] * 4)
        self.assertEqual([outcome for outcome, _ in outcomes("RECV", ends(simple))], ["OK"] * 4)
        self.assertEqual([outcome for outcome, _ in outcomes("GET", [queue["id"]])], ["UNREAD", "UNREAD", "EMPTY", "EMPTY"])
        self.assertEqual(outcomes("GET", [simple["id"]]), [("UNREAD", 16)] * 2)
        received = [outcome for outcome, _ in outcomes("RECV", ends(pipe))]
        self.assertEqual(received, ["OK", "OK", "UNREAD", "OK", "UNREAD", "OK", "EOFERROR"])
        self.assertEqual({line for outcome, line in outcomes("RECV", ends(pipe)) if outcome == "UNREAD"}, {16})


if __name__ == "__main__":
    unittest.main()
