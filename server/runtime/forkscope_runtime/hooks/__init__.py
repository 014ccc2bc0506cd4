"""One module per observed module of the standard library; each has `install(module)`. The package `libraries` registers the hooks of the
standard library's process packages and of other libraries."""

import os
import sys

from .. import libraries
from ..compat import PY2
from ..importing import forget, when_imported


def install():
    """Register all hooks. The hooks on `os` are installed at the start, because other modules keep references to its functions."""
    from . import os_calls

    os_calls.install(os)
    when_imported("subprocess", libraries.lazily("hooks.subprocesses"))
    when_imported("threading", libraries.lazily("hooks.threads"))
    when_imported("signal", libraries.lazily("hooks.signals"))
    if not PY2:
        when_imported("faulthandler", libraries.lazily("hooks.faulthandlers"))
    libraries.watch()


def let_go():
    """The interpreter exits: drop references to the modules of multiprocessing. Objects that live to the very end, such as wrapped methods of
    threads, then no longer keep those modules alive, and they are deallocated together, as without the runtime."""
    forget()
    libraries.forget()
    modules = type(sys)
    for package in (globals(), vars(libraries)):
        own = package["__name__"] + "."
        for name in [name for name, value in package.items() if isinstance(value, modules) and value.__name__.startswith(own)]:
            del package[name]
