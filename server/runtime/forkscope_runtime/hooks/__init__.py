"""One module per observed module of the standard library, and of the libraries that are copies of it or stand on it; each has `install(module)`."""

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
    _multiprocessing("multiprocessing")
    when_imported("threading", _lazily("threads"))
    when_imported("concurrent.futures.process", _lazily("executors"))
    if not PY2:
        _multiprocessing("multiprocess")  # a copy of the standard library's under its own name, with another pickler
        _billiard()
        _loky("loky")
        _loky("joblib.externals.loky")
        when_imported("joblib.pool", _lazily("joblib_pools"))


def _multiprocessing(package):
    when_imported(package + ".process", _lazily("processes"))
    when_imported(package + ".util", _lazily("spawning"))
    when_imported(package + ".util", _lazily("endings"))
    when_imported(package + ".forkserver", _lazily("helpers"))
    when_imported(package + ".resource_tracker", _lazily("helpers"))
    when_imported(package + ".semaphore_tracker", _lazily("helpers"))  # its name before 3.8
    when_imported(package + ".connection", _lazily("py2_connections" if PY2 else "connections"))
    when_imported(package + ".queues", _lazily("py2_queues" if PY2 else "queues"))
    when_imported(package + ".synchronize", _lazily("locks"))
    when_imported(package + ".pool", _lazily("pools"))
    when_imported(package + ".pool", _lazily("results"))


def _billiard():
    """Celery's fork of multiprocessing: most of its classes are as they were, its pool is another one."""
    when_imported("billiard.process", _lazily("processes"))
    when_imported("billiard.compat", _lazily("spawning"))
    when_imported("billiard.forkserver", _lazily("helpers"))
    when_imported("billiard.semaphore_tracker", _lazily("helpers"))
    when_imported("billiard.connection", _lazily("connections"))
    when_imported("billiard.queues", _lazily("queues"))
    when_imported("billiard.synchronize", _lazily("locks"))
    when_imported("billiard.pool", _lazily("billiard_pools"))
    when_imported("billiard.pool", _lazily("results"))
    when_imported("celery.concurrency.asynpool", _lazily("celery_pools"))


def _loky(package):
    """Its processes are multiprocessing's; its executor, its queues and its helper process are its own."""
    when_imported(package + ".process_executor", _lazily("executors"))
    when_imported(package + ".backend.queues", _lazily("loky_queues"))
    when_imported(package + ".backend.resource_tracker", _lazily("helpers"))
    when_imported(package + ".backend.resource_tracker", _lazily("spawning"))
