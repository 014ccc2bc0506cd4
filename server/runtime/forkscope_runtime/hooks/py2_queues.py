"""Python 2's `multiprocessing.queues`: like hooks.queues, but SimpleQueue creates its methods for each object."""

import sys
import weakref

from ..state import runtime
from . import queues, stopping
from .os_calls import mimic

_frame = sys._getframe
feed_codes = set()  # code objects of feeder loops


def install(module):
    """Patch Queue, JoinableQueue and SimpleQueue."""
    queues.install_classes(module)
    feed_codes.add(module.Queue._feed.__code__)
    module.SimpleQueue._make_methods = _making(module.SimpleQueue._make_methods)


def _making(original):
    def _make_methods(self):
        original(self)
        plain_get, plain_put = self.get, self.put
        queue = weakref.ref(self)  # a reference cycle would keep it, and its pipe, alive longer than without the runtime

        def get():
            begun = runtime.clock()
            try:
                result = plain_get()
            except BaseException as error:
                queues.note_unread(queue(), error, begun, _frame(1))
                raise
            if runtime.armed[0]:
                return stopping.at_get(queue(), "SimpleQueue", result, _frame(1), get)
            return result

        def put(obj):
            times = 1
            if runtime.armed[0]:
                obj, times = stopping.at_put(queue(), "SimpleQueue", obj, _frame(1))
            while times > 0:
                times -= 1
                plain_put(obj)

        self.get, self.put = get, put

    return mimic(_make_methods, original)
