"""The standard library's process packages. Hooks of its other modules are registered at the start (hooks/__init__.py)."""

from ..compat import PY2
from ..pristine_os import os
from .library import Library

_HERE = os.path.join(os.path.dirname(os.path.abspath(os.__file__)), "multiprocessing", "")


def multiprocessing_hooks(package):
    """Hooks for multiprocessing, or for a package with unchanged copies of all its modules."""
    return (
        (package + ".process", "hooks.processes"),
        (package + ".util", "hooks.spawning"),
        (package + ".util", "hooks.endings"),
        (package + ".forkserver", "hooks.helpers"),
        (package + ".resource_tracker", "hooks.helpers"),
        (package + ".semaphore_tracker", "hooks.helpers"),  # its name before 3.8
        (package + ".connection", "hooks.py2_connections" if PY2 else "hooks.connections"),
        (package + ".queues", "hooks.py2_queues" if PY2 else "hooks.queues"),
        (package + ".synchronize", "hooks.locks"),
        (package + ".pool", "hooks.pools"),
        (package + ".pool", "hooks.results"),
    )


class Standard(Library):
    modules = ("multiprocessing", "concurrent.futures.process")
    python2 = True
    internals = ()  # recognized by their folder, see locate.py
    copies = ("multiprocessing",)
    constructors = (_HERE + "context.py", _HERE + "queues.py", _HERE + "connection.py", _HERE + "synchronize.py", _HERE + "__init__.py")
    kinds = {
        "multiprocessing.pool.worker": "pool-worker",
        "concurrent.futures.process._process_worker": "executor-worker",
    }
    servants = (r"multiprocessing\.(?!pool\.worker$|managers\.)", r"concurrent\.futures\.process\.")
    own_threads = ("multiprocessing", "concurrent.futures", "threading.Timer", "socketserver")
    typed_families = ("multiprocessing",)

    def hooks(self):
        return multiprocessing_hooks("multiprocessing") + (("concurrent.futures.process", "hooks.executors"),)


LIBRARY = Standard()
