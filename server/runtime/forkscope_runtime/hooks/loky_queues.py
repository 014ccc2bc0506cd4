"""`loky.backend.queues`: subclasses of multiprocessing's queues. What they do differently is patched here, the rest by hooks.queues."""

import sys

from . import connections
from .queues import putting_simply, rebuilding, starting_feeder


def install(queues):
    """They pickle in their own way, so they have a feeder, a put and a state of their own."""
    joinable = sys.modules["multiprocessing.queues"].JoinableQueue
    for cls in (queues.Queue, queues.SimpleQueue):
        cls.__setstate__ = rebuilding(cls.__setstate__, joinable)
    connections.feed_codes[queues.Queue._feed.__code__] = True
    queues.Queue._start_thread = starting_feeder(queues.Queue._start_thread)
    queues.SimpleQueue.put = putting_simply(queues.SimpleQueue.put)
