"""Fixes for the line debugger (debugpy) in programs with several processes, applied after it has connected.

- Before each exec, debugpy waits up to 5 s until its thread has sent a message. In a child of `os.forkpty` or C code, where it has no threads, it waits forever.
- In such a child a breakpoint would wait for a debugger that is not connected.
- `breakpoint()` pauses at the next line, so it never pauses if the process exits on the same line. `PYTHONBREAKPOINT` has no effect, and arguments are an error.
- Conditions, hit counts and log messages: `line_breakpoints.py`. Output to the program's standard error: `debugger_words.py`.
  Unanswered requests: `debugger_answers.py`. Fork warnings because of its threads: `fork_warnings.py`.
- multiprocessing catches the exception that ends a child, so debugpy does not see it as uncaught. Since 3.12 it sees no exception at all in forked children.

A fix is skipped if this version of debugpy is built differently.
"""

import sys

from .pristine_os import os
from .compat import get_ident
from .forking import at_fork
from .errors import report
from .hooks.os_calls import equal_to, mimic
from .state import runtime

_frame = sys._getframe


def complete():
    """Apply all fixes. Never raises."""
    for add in (_leave_execs, _forget_in_children, _follow_forkpty, _stop_at_breakpoint_calls, _stop_as_asked, _leave_errors_alone, _answer_all):
        try:
            add()
        except Exception as error:
            report(error, "debugger")


def _leave_execs():
    """Skip debugpy's messages about started and replaced processes: such processes connect themselves."""
    from _pydev_bundle import pydev_monkey

    for name in ("send_process_about_to_be_replaced", "send_process_created_message"):
        if hasattr(pydev_monkey, name):
            setattr(pydev_monkey, name, lambda: None)


def _forget_in_children():
    """Keep a forked child from using its parent's debugger, whose threads it lacks. debugpy creates a new one only after os.fork."""
    from _pydevd_bundle.pydevd_constants import get_global_debugger

    def forget():
        debugger = get_global_debugger()
        if debugger is not None:
            debugger.pydb_disposed = True

    at_fork(after_in_child=forget)


def _follow_forkpty():
    """Give the child of `os.forkpty` a debugger of its own, as `os.fork` does."""
    import os as program_os

    from _pydev_bundle import pydev_monkey

    original = getattr(program_os, "forkpty", None)
    begin = getattr(pydev_monkey, "_on_forked_process", None)
    if original is None or begin is None:
        return

    def forkpty():
        result = original()
        if result[0] == 0:
            try:
                begin()
            except Exception as error:
                report(error, "forkpty")
        return result

    program_os.forkpty = equal_to(original, forkpty)


def _stop_at_breakpoint_calls():
    """Make `breakpoint()` pause where it is called. If `PYTHONBREAKPOINT` is set, it applies as without a debugger."""
    if not hasattr(sys, "breakpointhook"):
        return
    if os.environ.get("PYTHONBREAKPOINT"):
        sys.breakpointhook = sys.__breakpointhook__
        return
    import threading

    from _pydevd_bundle.pydevd_comm import CMD_SET_BREAK
    from _pydevd_bundle.pydevd_constants import get_global_debugger

    original = sys.breakpointhook

    def breakpointhook(*args, **named):
        if os.environ.get("PYTHONBREAKPOINT"):
            return sys.__breakpointhook__(*args, **named)
        # The arguments are for pdb.
        debugger, frame = get_global_debugger(), _frame(1)
        if debugger is None or debugger.pydb_disposed or not debugger.ready_to_run:
            return original()
        thread = threading.current_thread()
        try:
            # The same order as in debugpy's own stop after an exception: the rest of this frame can be stepped through.
            debugger.set_trace_for_frame_and_parents(get_ident(), frame)
            debugger.set_suspend(thread, CMD_SET_BREAK)
        except Exception as error:
            report(error, "breakpoint")
            return original()
        _wait(lambda: debugger.do_wait_suspend(thread, frame, "line", None))

    sys.breakpointhook = breakpointhook


def _wait(suspend):
    """Call a function that waits for the debugger, as debugpy does outside of the interpreter's tracing. Since 3.12, code evaluated
    meanwhile would otherwise be traced."""
    tracing = sys.modules.get("_pydevd_sys_monitoring.pydevd_sys_monitoring")
    traced = tracing is not None and hasattr(tracing, "suspend_current_thread_tracing") and tracing.suspend_current_thread_tracing()
    try:
        suspend()
    finally:
        if traced:
            tracing.resume_current_thread_tracing()


def _stop_as_asked():
    from . import line_breakpoints

    line_breakpoints.complete()


def _leave_errors_alone():
    from . import debugger_words

    debugger_words.complete()


def _answer_all():
    from . import debugger_answers

    debugger_answers.complete()


def stop_at_uncaught(process):
    """Treat the exception that leaves `Process.run` as uncaught. It is detected where multiprocessing prints it: `_bootstrap` in the module
    `process`. Called in the child before it runs. A SystemExit is not printed: it sets the child's exit code."""
    if "pydevd" not in sys.modules:
        return
    import traceback

    original, codes = traceback.print_exc, [process.BaseProcess._bootstrap] if hasattr(process, "BaseProcess") else []
    code = getattr(getattr(codes[0], "__wrapped__", codes[0]), "__code__", None) if codes else None
    if code is None:
        return

    def print_exc(*args, **named):
        if _frame(1).f_code is code:
            traceback.print_exc = original
            _stop(sys.exc_info())
        return original(*args, **named)

    traceback.print_exc = mimic(print_exc, original)


def follow_events():
    """In a forked child, since 3.12: debugpy requests the interpreter's events once, before it knows the child's breakpoints, so it would
    not pause at any exception."""
    monitoring = sys.modules.get("_pydevd_sys_monitoring.pydevd_sys_monitoring")
    if monitoring is not None and hasattr(sys, "monitoring"):
        monitoring.update_monitor_events()
        monitoring.restart_events()


def _stop(raised):
    try:
        _stop_in_debugger(raised)
    except Exception as error:
        report(error, "uncaught")


def _stop_in_debugger(raised):
    import threading

    from _pydevd_bundle.pydevd_constants import get_global_debugger

    debugger = get_global_debugger()
    if debugger is None or debugger.pydb_disposed or not runtime.active:
        return
    if hasattr(debugger, "trigger_exception_handler"):
        debugger.trigger_exception_handler(raised)
        return
    from _pydevd_bundle.pydevd_breakpoints import stop_on_unhandled_exception

    thread = threading.current_thread()
    info = debugger.set_additional_thread_info(thread)
    info.is_tracing += 1
    try:
        stop_on_unhandled_exception(debugger, thread, info, raised)
    finally:
        info.is_tracing -= 1
