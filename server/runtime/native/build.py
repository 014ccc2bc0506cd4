"""Builds the accelerator for the interpreter that runs this, tries it, and puts it where the runtime looks for it.

    python -I build.py FOLDER STAMP

FOLDER is 0700 and the user's own. Ends with 0 when a tried accelerator is there; then STAMP says 'built'. Never part of the user's
program: the launcher runs it beside. On anything unexpected it leaves nothing behind, and the runtime goes on in pure Python.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile

NAME = "forkscope_accelerator"
PATIENCE = 60  # seconds for the compiler


def unfit():
    """Why there can be no accelerator for this interpreter; None when there can."""
    if sys.implementation.name != "cpython" or sys.version_info < (3, 8):
        return "it serves CPython 3.8 and newer"
    if os.name != "posix":
        return "it serves Linux and macOS"
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "free-threaded builds are served by the Python code"
    if not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")):
        return "Python.h is not installed"
    if compiler() is None:
        return "there is no C compiler"
    return None


def compiler():
    """Path of a C compiler, or None."""
    if sys.platform == "darwin":
        # Without the developer tools /usr/bin/cc opens a window that offers to install them.
        asked = subprocess.run(["/usr/bin/xcode-select", "-p"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if asked.returncode != 0:
            return None
    for name in ("cc", "gcc", "clang"):
        found = shutil.which(name)
        if found:
            return found
    return None


def build(into, flags=()):
    """Compile into the file `into`.

    :raises subprocess.SubprocessError: when the compiler fails or takes too long
    """
    here = os.path.dirname(os.path.abspath(__file__))
    include = {sysconfig.get_path("include"), sysconfig.get_path("platinclude")}
    shared = ["-bundle", "-undefined", "dynamic_lookup"] if sys.platform == "darwin" else ["-shared"]
    subprocess.run(
        [compiler(), "-std=gnu11", "-O2", "-fPIC", "-Wall", "-Wextra"] + shared + list(flags)
        + ["-I" + each for each in sorted(include)] + [os.path.join(here, "accelerator.c"), "-o", into],
        check=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def suffix():
    """What the names of extension modules of this interpreter end with: says version, build and platform."""
    import _imp

    return _imp.extension_suffixes()[0]


def load(path):
    """The module of that file."""
    from importlib.machinery import ExtensionFileLoader
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(NAME, path, loader=ExtensionFileLoader(NAME, path))
    return module_from_spec(spec)


def tried(path):
    """Whether the built file does what it should: in a process of its own, which may crash."""
    code = "import sys; sys.path.insert(0, %r); import build; build.smoke(%r)" % (os.path.dirname(os.path.abspath(__file__)), path)
    done = subprocess.run([sys.executable, "-I", "-B", "-c", code], timeout=PATIENCE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return done.returncode == 0


def smoke(path):
    """One event and one cell, and the bytes that they must be."""
    module = load(path)
    journal = bytearray(4096 + 64 * 128)
    writer = module.Writer(lambda code: 2, lambda frame: 7, lambda payload: (bytes(payload), len(payload)), lambda error, where: False)
    writer.bind(journal, 4096, 64, 64, 256, lambda seq: -1, lambda *what: None, lambda ident: 64)
    writer.emit(1, 2, 3, 4, 5, 6, writer.user_line(sys._getframe()), -8, 9, b"payload")
    slot = bytes(journal[4096 : 4096 + 128])
    ident = slot[24:32]
    number = lambda value, size: (value % (1 << 8 * size)).to_bytes(size, "little")  # noqa: E731
    wanted = b"\1\2" + number(3, 2) + number(0, 4) + number(4, 8) + number(5, 8) + ident + number(6, 8) + number(7, 4) + number(7, 4)
    wanted += number(-8, 8) + number(9, 8) + b"payload".ljust(64, b"\0")
    assert slot == wanted, (slot, wanted)
    cell = writer.enter(5, 6, 7)
    assert journal[64] == 5
    writer.leave(cell)
    assert journal[64] == 0


def main(folder, stamp):
    why = unfit()
    if why is not None:
        sys.exit(why)
    os.umask(0o077)
    os.nice(10)
    scratch = tempfile.mkdtemp(prefix="build-", dir=folder)
    try:
        made = os.path.join(scratch, NAME + suffix())
        build(made)
        if not tried(made):
            sys.exit("what was built does not work")
        os.rename(made, os.path.join(folder, NAME + suffix()))
        with open(stamp, "w") as file:
            file.write("built")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
