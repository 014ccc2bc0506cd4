"""Since Python 3.12 a process that has threads warns when it forks. With a line debugger (debugpy) every process has some: so that the program
neither warns for those nor fails to where it would, the interpreter's own warning is left out there and given for the program's threads alone.
"""

from .pristine_os import os


def call(frame, original, name):
    """`original()`, a fork, with the warning as of the line that `frame` is at."""
    import threading
    import warnings

    text = "This process (pid=%d) is multi-threaded, use of %s() may lead to deadlocks in the child." % (os.getpid(), name)
    # Put there as it is: `warnings.filterwarnings` would have every warning that is shown once come again. It fits this one text alone.
    filters, entry = warnings.filters, ("ignore", text, DeprecationWarning, None, 0)
    parent = os.getpid()
    filters.insert(0, entry)
    try:
        result = original()
    finally:
        if entry in filters:
            filters.remove(entry)
    if os.getpid() == parent and _own_threads(threading) > 1:
        names = frame.f_globals
        try:
            warnings.warn_explicit(
                text,
                DeprecationWarning,
                frame.f_code.co_filename,
                frame.f_lineno or 0,
                names.get("__name__") or "<string>",
                names.setdefault("__warningregistry__", {}),
            )
        except Exception:
            pass  # made an error by a filter: the interpreter drops it too, for the child is there
    return result


def _own_threads(threading):
    """How many threads this process has without the debugger's; as the interpreter counts, the kernel's where they are told."""
    known = list(threading._active.values()) + list(threading._limbo.values())
    foreign = sum(1 for each in known if getattr(each, "is_pydev_daemon_thread", False))
    try:
        return len(os.listdir("/proc/self/task")) - foreign
    except Exception:
        return len(known) - foreign
