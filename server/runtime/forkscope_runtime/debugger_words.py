"""Sends messages of the line debugger (debugpy) about itself to the debug console; debugpy writes them to the program's standard error."""

from .errors import note
from .line_breakpoints import send


class _Console(object):
    """The stream of debugpy's log."""

    encoding = "utf-8"

    def __init__(self):
        self._parts = []

    def write(self, text):
        self._parts.append(text)

    def flush(self):
        from _pydevd_bundle.pydevd_constants import get_global_debugger

        text, self._parts = "".join(self._parts), []
        debugger = get_global_debugger()
        if not text:
            return
        if debugger is None or debugger.pydb_disposed or debugger.writer is None:
            note("debugpy", text)  # no debugger is connected: it goes into the recording
        else:
            send(debugger, "output", {"category": "console", "output": text})


def complete():
    from _pydev_bundle import pydev_log
    from _pydevd_bundle.pydevd_constants import DebugInfoHolder

    settings, original, console = pydev_log._LoggingGlobals, pydev_log.initialize_debug_stream, _Console()

    def initialize_debug_stream(*args, **named):  # again after each fork
        original(*args, **named)
        if settings._debug_stream_initialized and not DebugInfoHolder.PYDEVD_DEBUG_FILE:
            settings._debug_stream = console

    pydev_log.initialize_debug_stream = initialize_debug_stream
