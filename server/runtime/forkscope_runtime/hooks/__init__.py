"""One module per observed module of the standard library, and of the libraries that are copies of it or stand on it; each has `install(module)`."""

import os
import sys

from ..compat import PY2
from ..importing import forget, when_imported


def lazily(name):
    """Our hook modules too are read only when the program imports what they hook."""

    def install(module):
        __import__(__package__ + "." + name, None, None, ["install"]).install(module)

    return install


def install():
    """Register all hooks. Those on `os` are needed from the start: other modules keep what they find there."""
    from . import os_calls

    os_calls.install(os)
    when_imported("subprocess", lazily("subprocesses"))
    _multiprocessing("multiprocessing")
    when_imported("threading", lazily("threads"))
    when_imported("signal", lazily("signals"))
    when_imported("concurrent.futures.process", lazily("executors"))
    when_imported("coverage.inorout", lazily("coverages"))
    when_imported("coverage.data", lazily("coverages"))
    if not PY2:
        when_imported("faulthandler", lazily("faulthandlers"))
        _multiprocessing("multiprocess")  # a copy of the standard library's under its own name, with another pickler
        when_imported("billiard", lazily("billiard_family"))
        when_imported("celery.concurrency.asynpool", lazily("celery_pools"))  # which may be what imports billiard
        _loky("loky")
        _loky("joblib.externals.loky")
        when_imported("joblib.pool", lazily("joblib_pools"))


def let_go():
    """The interpreter ends: what stays to the very end, such as the methods of threads that are wrapped, does not lead to the modules of
    multiprocessing any more, so that these go together, as without us."""
    forget()
    modules = type(sys)
    for name in [name for name, value in globals().items() if isinstance(value, modules) and value.__name__.startswith(__name__)]:
        del globals()[name]


def _multiprocessing(package):
    when_imported(package + ".process", lazily("processes"))
    when_imported(package + ".util", lazily("spawning"))
    when_imported(package + ".util", lazily("endings"))
    when_imported(package + ".forkserver", lazily("helpers"))
    when_imported(package + ".resource_tracker", lazily("helpers"))
    when_imported(package + ".semaphore_tracker", lazily("helpers"))  # its name before 3.8
    when_imported(package + ".connection", lazily("py2_connections" if PY2 else "connections"))
    when_imported(package + ".queues", lazily("py2_queues" if PY2 else "queues"))
    when_imported(package + ".synchronize", lazily("locks"))
    when_imported(package + ".pool", lazily("pools"))
    when_imported(package + ".pool", lazily("results"))


def _loky(package):
    """Its processes are multiprocessing's; its executor, its queues and its helper process are its own."""
    when_imported(package + ".process_executor", lazily("executors"))
    when_imported(package + ".backend.queues", lazily("loky_queues"))
    when_imported(package + ".backend.resource_tracker", lazily("helpers"))
    when_imported(package + ".backend.resource_tracker", lazily("spawning"))
