"""One module per observed module of the standard library; each has `install(module)`. Those of its packages of processes, and of other libraries,
are registered by the package `libraries`."""

import os
import sys

from .. import libraries
from ..compat import PY2
from ..importing import forget, when_imported


def install():
    """Register all hooks. Those on `os` are needed from the start: other modules keep what they find there."""
    from . import os_calls

    os_calls.install(os)
    when_imported("subprocess", libraries.lazily("hooks.subprocesses"))
    when_imported("threading", libraries.lazily("hooks.threads"))
    when_imported("signal", libraries.lazily("hooks.signals"))
    if not PY2:
        when_imported("faulthandler", libraries.lazily("hooks.faulthandlers"))
    libraries.watch()


def let_go():
    """The interpreter ends: what stays to the very end, such as the methods of threads that are wrapped, does not lead to the modules of
    multiprocessing any more, so that these go together, as without us."""
    forget()
    libraries.forget()
    modules = type(sys)
    for package in (globals(), vars(libraries)):
        own = package["__name__"] + "."
        for name in [name for name, value in package.items() if isinstance(value, modules) and value.__name__.startswith(own)]:
            del package[name]
