"""Compiles the runtime's modules into one file, so that a process of the program opens one file at its start instead of thirty.

    python -I bundle.py CACHE STAMP

CACHE is what FORKSCOPE_CACHE names: 0700, the user's own, of this version of the runtime alone. The launcher runs this beside the program, once
for each interpreter. Without a bundle, Python imports the modules as usual. The bundle starts with 16 bytes: the interpreter's magic number for
compiled code and the length of the first part. The first part is marshalled: the code of starting.py; the modules that every start needs, in
initialization order, each a tuple (name, whether it is a package, code); and {name: marshalled module} for the modules that only a start without the
accelerator needs. The second part is {name: marshalled module} for all other modules; only processes that need one of them read it.
"""

import importlib.machinery
import importlib.util
import marshal
import os
import py_compile
import sys

HOME = os.path.dirname(os.path.abspath(__file__))
PACKAGE = "forkscope_runtime"
STARTING = PACKAGE + ".starting"  # executed by inject/sitecustomize.py, never imported
AT_START = ("boot", "control", "locate", "hooks", "hooks.os_calls", "hooks.threads", "accelerator", "native_journal")
PLAIN = ("journal",)  # and the modules that only it needs; the accelerator replaces them


def module_files():
    """(module name, whether it is a package, path) of all modules."""
    for folder, _, files in os.walk(os.path.join(HOME, PACKAGE)):
        parts = os.path.relpath(folder, HOME).split(os.sep)
        for file in sorted(files):
            if file == "__init__.py":
                yield ".".join(parts), True, os.path.join(folder, file)
            elif file.endswith(".py") and not file.startswith("py2_"):
                yield ".".join(parts + [file[:-3]]), False, os.path.join(folder, file)


def start_order():
    """Names of the modules that every start needs, and of the modules that only a start without the accelerator needs, both in dependency order."""
    done = []

    class Recorder(importlib.machinery.SourceFileLoader):
        def exec_module(self, module):
            super().exec_module(module)
            done.append(module.__name__)

    def finder(path):
        if not path.startswith(HOME):
            raise ImportError(path)
        return importlib.machinery.FileFinder(path, (Recorder, [".py"]))

    sys.path_hooks.insert(0, finder)
    sys.path_importer_cache.clear()
    sys.path.insert(0, HOME)
    orders = []
    for names in (AT_START, PLAIN):
        del done[:]
        for name in names:
            __import__(PACKAGE + "." + name)
        orders.append([name for name in done if name.split(".")[0] == PACKAGE])
    return orders


def bundle():
    """The file's content."""
    made = {}
    for name, is_package, path in module_files():
        with open(path, "rb") as file:
            # Without docstrings, which would be a tenth of the data that each start reads.
            made[name] = (name, is_package, compile(file.read(), path, "exec", dont_inherit=True, optimize=2))
    starting = made.pop(STARTING)[2]
    always, plain = start_order()
    first = marshal.dumps((starting, [made.pop(name) for name in always], {name: marshal.dumps(made.pop(name)) for name in plain}))
    rest = marshal.dumps({name: marshal.dumps(each) for name, each in made.items()})
    return importlib.util.MAGIC_NUMBER.ljust(8, b"\0") + len(first).to_bytes(8, "little") + first + rest


def compile_first():
    """Write compiled bytecode beside sitecustomize.py, even where programs must not write bytecode. Compiling initializes all types of `ast`, which
    takes at least a millisecond per start. If the folder is not writable, each start compiles the file."""
    named = {} if sys.version_info < (3, 7) else {"invalidation_mode": py_compile.PycInvalidationMode.TIMESTAMP}
    try:
        py_compile.compile(os.path.join(HOME, "inject", "sitecustomize.py"), doraise=True, **named)
    except OSError:
        pass


def main(cache, stamp):
    if sys.implementation.name != "cpython" or sys.version_info < (3, 6):
        sys.exit("bundles are for CPython 3.6 and newer")
    compile_first()
    os.umask(0o077)
    into = os.path.join(cache, sys.implementation.cache_tag + ".bundle")
    data = bundle()
    with open("%s.%d" % (into, os.getpid()), "wb") as file:
        file.write(data)
    os.rename(file.name, into)
    with open(stamp, "w") as file:
        file.write("built")


if __name__ == "__main__":
    main(*sys.argv[1:])
