"""The registry of supported libraries. The rest of the runtime names no library; it calls this package.

Each module in this folder describes one library by a subclass of `Library` (library.py). It is loaded when the program first imports one of the
library's packages, before any code of that package runs. A program that never imports the library pays for one table entry.
"""

from ..compat import PY2
from ..importing import when_found, when_imported
from ..pristine_os import os
from ..vocabulary import LIBRARIES

_HERE = __name__ + "."
_RUNTIME = __name__.rpartition(".")[0] + "."
_SITES = [os.sep + folder + os.sep for folder in ("site-packages", "dist-packages")]


class known:
    """The combined declarations of the loaded libraries. The tuples are replaced, never modified, because other threads read them."""

    libraries = ()
    internals = ()  # parts of paths
    constructors = ()  # ends of paths
    kinds = {}
    start_methods = {}
    copies = ()
    # Of the copies of multiprocessing: ends of the paths of files, and names of modules
    makers = shared = queues = terminating = ()


def watch():
    """Load each library's module when the program imports the library."""
    for name, module in LIBRARIES.items():
        when_found(name, _loading(module))


def _loading(module):
    return lambda: _load(module)


def _load(module):
    """Load the module of that name in this package, unless it is loaded, and register its hooks."""
    library = __import__(_HERE + module, None, None, ["LIBRARY"]).LIBRARY
    if library in known.libraries or (PY2 and not library.python2):
        return
    library.name = module
    _add(library)
    for name, hook in library.hooks():
        when_imported(name, hook if callable(hook) else lazily(hook))


def lazily(name):
    """The hook of a runtime module, which is also loaded only when the program imports the hooked module."""

    def install(module):
        __import__(_RUNTIME + name, None, None, ["install"]).install(module)

    return install


def _add(library):
    known.libraries += (library,)
    internals = library.packages if library.internals is None else library.internals
    paths = [each.replace("/", os.sep) + ("" if each.endswith(".py") else os.sep) for each in internals]
    known.internals += tuple([site + path for site in _SITES for path in paths])
    known.constructors += tuple([each.replace("/", os.sep) for each in library.constructors])
    known.kinds.update(library.kinds)
    known.start_methods.update(library.start_methods)
    known.copies += library.copies
    for package in library.copies:
        path = package + os.sep
        known.makers += (path + "context.py", path + "__init__.py", path + "sharedctypes.py")
        known.shared += (path + "sharedctypes.py",)
        known.queues += (path + "queues.py",)
        known.terminating += (package + ".popen_fork", package + ".forking")


def is_internal(file):
    """Whether the frames of this file belong to a library."""
    for part in known.internals:
        if part in file:
            return True
    return False


def _first(method, *values):
    """The first result of a library that is not None."""
    for library in known.libraries:
        found = getattr(library, method)(*values)
        if found is not None:
            return found
    return None


def assigned_name(file):
    """See `Library.assigned_name`."""
    return _first("assigned_name", file)


def pool_name(file):
    """See `Library.pool_name`."""
    return _first("pool_name", file)


def unwrap(function):
    """See `Library.unwrap`."""
    return _first("unwrap", function)


def target(function, args):
    """See `Library.target`."""
    found = _first("target", function, args)
    return function if found is None else found


def named_task(function, args):
    """See `Library.named_task`."""
    return _first("named_task", function, args)


def failure(value):
    """See `Library.failure`."""
    return _first("failure", value)


def name_of(cls):
    """Name of the library that defines a class; None if it is the standard library's, or unknown."""
    module = cls.__module__
    package = module.partition(".")[0] if type(module) is str else ""
    for library in known.libraries:
        if package in library.packages:
            return library.name
    return None


def forget():
    """Drop the libraries' modules: the interpreter exits."""
    known.libraries = ()
