"""Code locations: the user's line behind a call, and the owner of an object.

A frame belongs to the library if its file is in the standard library, in the runtime, or among the internals of a library that Forkscope
knows (the package `libraries`). Every other frame is the user's.
"""

from . import libraries
from .pristine_os import os
from .compat import PY2, attribute, get_ident, has_gil, loaded, plain_text, qualified_name
from .forking import at_fork
from .errors import isolated
from .state import runtime

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_STDLIB = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
_SITE = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)
INJECT = os.path.join(os.path.dirname(os.path.dirname(_HERE)), "inject")
_IN_INJECT = INJECT + os.sep
_DEBUGGER = tuple(
    os.path.join(os.sep + "debugpy", part) for part in ("_vendored" + os.sep, "server" + os.sep, "common" + os.sep, "public_api.py")
)

# id(code) -> None for library code, {instruction: location id} for user code. The codes are kept alive, so ids are not reused.
_tables = {}
_codes = []
_numbers = {}  # (file, line, function) -> location id
_taken = {}  # location id -> the key that has it
_first = 1  # of the ids that this process assigns
_definitions = {}  # id(code) -> (location id, code)
feed_codes = {}  # code objects of queues' feeder loops, added by the hooks; a dictionary, so that threads read it without a lock


def is_library_file(name):
    """Whether a code object's file name is the standard library's, the interpreter's or the runtime's."""
    if name.startswith(_STDLIB) and not (_SITE[0] in name or _SITE[1] in name):
        return True
    if libraries.is_internal(name):
        return True
    return name.startswith("<frozen") or name.startswith(_HERE) or name.startswith(_IN_INJECT) or is_debugger_file(name)


def is_debugger_file(name):
    """Whether a file belongs to the line debugger (debugpy), which wraps some of the same calls."""
    return any(part in name for part in _DEBUGGER)


def past_debugger(frame):
    """The first frame from `frame` outwards that is not the line debugger's."""
    while frame.f_back is not None and is_debugger_file(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def is_debuggers_call(frame):
    """Whether the line debugger makes this call for itself: the first frame from `frame` outwards that is not Python's own is the debugger's."""
    while frame is not None:
        name = frame.f_code.co_filename
        if is_debugger_file(name):
            return True
        if not is_library_file(name):
            return False
        frame = frame.f_back
    return False


def past_runtime(frame):
    """The first frame from `frame` outwards that is not the runtime's."""
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_HERE):
        frame = frame.f_back
    return frame


def _classify(code):
    """Create the table of a new code object."""
    name = code.co_filename
    is_user = not is_library_file(name)
    if is_user and name == "<string>" and code.co_name == "<module>":
        # the code string with which multiprocessing starts its processes is not the user's
        is_user = not {"spawn_main", "forkserver", "resource_tracker"}.intersection([name.rpartition(".")[2] for name in code.co_names])
    _codes.append(code)
    table = _tables[id(code)] = {} if is_user else None
    return table


def sort_of(code):
    """For the accelerator, which calls it once per code object. Returns 1 for library code, 2 for user code, 3 for a queue's feeder loop."""
    if code in feed_codes:
        return 3
    return 1 if (_tables[id(code)] if id(code) in _tables else _classify(code)) is None else 2


def declare(frame):
    """For the accelerator: the location id of a user's line that it has not seen before."""
    return _declare(frame, _tables[id(frame.f_code)])


def accelerate(writer):
    """Use the accelerator from now on. Must run before other modules import these functions."""
    global user_line, is_user_frame
    user_line, is_user_frame = writer.user_line, writer.is_user_frame


def is_user_frame(frame):
    """Whether this very frame is the user's."""
    code = frame.f_code
    return (_tables[id(code)] if id(code) in _tables else _classify(code)) is not None


def user_frame(frame):
    """The first user frame from `frame` outwards, or None."""
    while frame is not None:
        if is_user_frame(frame):
            return frame
        frame = frame.f_back
    return None


def user_line(frame):
    """Location id of the first user frame from `frame` outwards; 0 if there is none.

    Avoids `dict.get`: without a GIL, `get` of 3.13 locks the dictionary, and a thread may own that lock while another thread
    forks. The child would wait for it forever.
    """
    tables = _tables
    while frame is not None:
        code = frame.f_code
        number = id(code)
        table = tables[number] if number in tables else _classify(code)
        if table is not None:
            at = frame.f_lasti
            return table[at] if at in table else _declare(frame, table)
        frame = frame.f_back
    return 0


def _declare(frame, table):
    code = frame.f_code
    line = frame.f_lineno or 0
    function = getattr(code, "co_qualname", code.co_name)  # 3.11 and newer know the class too
    location = _number(code, line, function)
    table[frame.f_lasti] = location
    return location


def _number(code, line, function):
    key = (code.co_filename, line, function)
    if key in _numbers:
        return _numbers[key]
    location = len(_taken) + _first
    while _taken.setdefault(location, key) is not key:  # another thread has taken it
        location += 1
    found = _numbers.setdefault(key, location)
    if found == location:
        runtime.record("loc", id=location, file=_absolute(code.co_filename), line=line, func=function)
    return found


@isolated
def _begin_anew():
    """Reset the tables in a forked child, without a GIL: a thread that no longer exists may have locked any of them forever. Ids that the parent
    assigned remain valid; the child assigns new ids."""
    global _tables, _codes, _numbers, _taken, _first, _definitions
    _first += len(_taken) + _SPARE
    _tables, _codes, _numbers, _taken, _definitions = {}, [], {}, {}, {}


_SPARE = 1000  # ids that threads may have been assigning at the fork
if not has_gil():
    at_fork(after_in_child=_begin_anew)


_METHOD = type(runtime.off)


def _beneath(function):
    """The innermost function of nested partials; a partial may contain itself."""
    functools = loaded("functools")
    for _ in range(32 if functools is not None else 0):
        if type(function) is not functools.partial:
            break
        function = function.func
    return function


def definition(function):
    """Location id of the line that defines a function; 0 if it is not written in Python."""
    function = _beneath(function)
    kind = type(function).__name__
    if kind == "method":
        function = function.__func__
        kind = type(function).__name__
    if kind != "function":
        return 0
    code = function.__code__
    if id(code) in _definitions:
        return _definitions[id(code)][0]
    name = getattr(code, "co_qualname", code.co_name)
    location = _number(code, code.co_firstlineno, name)
    _definitions[id(code)] = location, code
    return location


def _absolute(name):
    if name.startswith("<"):
        return name
    try:
        return os.path.abspath(name)
    except OSError:  # the working directory is gone
        return name


def owner(frame):
    """'user' or 'library': the owner of the object that `frame` creates. Constructors of libraries create objects for their callers."""
    constructors = libraries.known.constructors
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(_HERE) or name.endswith(constructors):
            frame = frame.f_back
            continue
        return "user" if is_user_frame(frame) else "library"
    return "library"


def name_of_callable(function):
    """Qualified name of a callable, without running code of the user."""
    try:
        function = _beneath(function)
        if type(function) is _METHOD:
            function = function.__func__  # which it asks for what it has not itself
        name = attribute(function, "__qualname__")
        if type(name) is not str:
            name = attribute(function, "__name__") if PY2 else None
            name = name if type(name) is str else qualified_name(function if type(function).__name__ == "classobj" else type(function))
        module = attribute(function, "__module__")
        if type(module) is str and module not in ("__main__", "__mp_main__", "builtins", "__builtin__"):
            return module + "." + name
        return name
    except Exception:
        return "?"


def main_thread_name():
    """Name of the current thread if `threading` is loaded, else 'MainThread'."""
    threading = loaded("threading")
    if threading is None:
        return "MainThread"
    ident, active = get_ident(), getattr(threading, "_active", {})
    thread = active[ident] if ident in active else None
    name = attribute(thread, "_name", attribute(thread, "_Thread__name"))  # not `name`, which the program may have redefined
    return "" if name is None else plain_text(name)
