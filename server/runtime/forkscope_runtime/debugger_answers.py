"""Requests that the line debugger (debugpy) would not answer, or would answer with success although they failed.

- An expression that raises something other than an Exception (`exit()`) bypasses debugpy's handlers, so the request gets no answer.
- If a variable's new value cannot be evaluated, the variable keeps its value, and the request succeeds.
"""

import sys

from .compat import get_ident

_LET_THROUGH = (Exception, KeyboardInterrupt)  # these debugpy answers
_changing = {}  # ident of a thread that changes a variable -> its error


def complete():
    _answer_exits()
    _refuse_failed_changes()


def _answer_exits():
    from _pydevd_bundle import pydevd_vars

    original, answer = pydevd_vars.evaluate_expression, pydevd_vars.ExceptionOnEvaluate

    def evaluate_expression(py_db, frame, expression, is_exec):
        try:
            return original(py_db, frame, expression, is_exec)
        except _LET_THROUGH:
            raise
        except BaseException as error:
            kind = type(type(error).__name__, (Exception,), {"__module__": "builtins"})
            same = kind(*error.args)
            same.__suppress_context__ = True
            if not is_exec:
                return answer(same, kind, error.__traceback__)
        raise same

    pydevd_vars.evaluate_expression = evaluate_expression


def _refuse_failed_changes():
    from _pydev_bundle import pydev_log
    from _pydevd_bundle import pydevd_suspended_frames

    log = pydev_log.exception

    def exception(*args, **named):
        if get_ident() in _changing:
            _changing[get_ident()] = sys.exc_info()[1]
        log(*args, **named)

    def refusing(original):
        def change_variable(self, *args, **named):
            thread = get_ident()
            _changing[thread] = None
            try:
                changed = original(self, *args, **named)
            except BaseException:
                exception()
            failed = _changing.pop(thread)
            return changed if failed is None else None

        return change_variable

    pydev_log.exception = exception
    for name in ("_FrameVariable", "_ObjectVariable"):
        kind = getattr(pydevd_suspended_frames, name)
        kind.change_variable = refusing(kind.change_variable)
