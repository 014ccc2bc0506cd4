"""One module per observed module of the standard library; each has `install(module)`."""

import os

from ..compat import PY2
from ..importing import when_imported


def _lazily(name):
    """Our hook modules too are read only when the program imports what they hook."""

    def install(module):
        __import__(__package__ + "." + name, None, None, ["install"]).install(module)

    return install


def install():
    """Register all hooks. Those on `os` are needed from the start: other modules keep what they find there."""
    from . import os_calls

    os_calls.install(os)
    when_imported("subprocess", _lazily("subprocesses"))
    when_imported("multiprocessing.process", _lazily("processes"))
    when_imported("threading", _lazily("threads"))
    when_imported("multiprocessing.util", _lazily("spawning"))
    when_imported("multiprocessing.util", _lazily("endings"))
    when_imported("multiprocessing.forkserver", _lazily("helpers"))
    when_imported("multiprocessing.resource_tracker", _lazily("helpers"))
    when_imported("multiprocessing.semaphore_tracker", _lazily("helpers"))  # its name before 3.8
    when_imported("multiprocessing.connection", _lazily("py2_connections" if PY2 else "connections"))
    when_imported("multiprocessing.queues", _lazily("py2_queues" if PY2 else "queues"))
    when_imported("multiprocessing.synchronize", _lazily("locks"))
    when_imported("multiprocessing.pool", _lazily("pools"))
    when_imported("multiprocessing.pool", _lazily("results"))
    when_imported("concurrent.futures.process", _lazily("executors"))
