"""`loky`: it uses multiprocessing's processes. Its executor has the structure of concurrent.futures'; its queues and helper process are its own."""

import sys

from .library import Library


def loky_hooks(package):
    """Hooks for loky, including copies vendored by other libraries."""
    return (
        (package + ".process_executor", "hooks.executors"),
        (package + ".backend.queues", _queues),
        (package + ".backend.resource_tracker", "hooks.helpers"),
        (package + ".backend.resource_tracker", "hooks.spawning"),
    )


def unwrap_by_value(function):
    """The function inside of an object that pickles it by value; None for any other object."""
    if type(function).__name__ in ("CallableObjectWrapper", "CloudpickledObjectWrapper"):
        return vars(function).get("_obj"), 0
    return None


def _queues(queues):
    """Subclasses of multiprocessing's queues. They have their own pickling, and so their own feeder, put and state."""
    from ..hooks import connections
    from ..hooks.queues import putting_simply, rebuilding, starting_feeder

    joinable = sys.modules["multiprocessing.queues"].JoinableQueue
    for cls in (queues.Queue, queues.SimpleQueue):
        cls.__setstate__ = rebuilding(cls.__setstate__, joinable)
    connections.feed_codes[queues.Queue._feed.__code__] = True
    queues.Queue._start_thread = starting_feeder(queues.Queue._start_thread)
    queues.SimpleQueue.put = putting_simply(queues.SimpleQueue.put)


class Loky(Library):
    packages = ("loky",)
    constructors = ("loky/backend/context.py", "loky/backend/queues.py")
    kinds = {"loky.process_executor._process_worker": "executor-worker"}
    start_methods = {"loky_init_main": "loky"}  # the same, but the main module is imported too
    own_start_methods = ("loky",)
    servants = (r"loky\.(process_executor|backend)\.",)
    own_threads = ("loky",)
    by_value = ("cloudpickle",)

    def hooks(self):
        return loky_hooks("loky")

    def unwrap(self, function):
        return unwrap_by_value(function)


LIBRARY = Loky()
