"""Since Python 3.12 a process with threads warns when it forks. With a line debugger (debugpy) every process has threads. The runtime suppresses
the interpreter's warning and issues it for the program's threads alone, so the program warns exactly when it would without a debugger.
"""

from .pristine_os import os


def call(frame, original, name):
    """Call `original()`, a fork, with the warning attributed to the line of `frame`."""
    import threading
    import warnings

    text = "This process (pid=%d) is multi-threaded, use of %s() may lead to deadlocks in the child." % (os.getpid(), name)
    # Inserted directly: `warnings.filterwarnings` would make every once-only warning appear again. The filter matches only this text.
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
            pass  # a filter turned it into an error: the interpreter drops it too, because the child exists
    return result


def _own_threads(threading):
    """Number of threads of this process without the debugger's, counted as the interpreter does: by the kernel's count if available."""
    known = list(threading._active.values()) + list(threading._limbo.values())
    foreign = sum(1 for each in known if getattr(each, "is_pydev_daemon_thread", False))
    try:
        return len(os.listdir("/proc/self/task")) - foreign
    except Exception:
        return len(known) - foreign
