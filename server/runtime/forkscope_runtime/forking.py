"""Callbacks around a fork: os.register_at_fork runs them if it exists, else the wrapper of os.fork (hooks/os_calls.py).

If a signal handler of the program raises during a callback, the interpreter prints and drops the exception, so a Ctrl-C would be lost. The
wrapper of os.fork raises it after the fork.
"""

from .compat import get_ident
from .errors import is_foreign, report
from .pristine_os import os

execs = set()  # threads in exec_follows
_before = []
_in_child = []
_forgetful = []
_raised = {}  # ident of a thread in the wrapper of os.fork -> exceptions raised before the fork, and in the child


def begin():
    """Begin a fork in this thread: exceptions that interrupt the callbacks are raised later. Returns their lists: before the fork, in the child."""
    _raised[get_ident()] = kept = ([], [])
    return kept


def done():
    """The fork is done, or has failed."""
    _raised.pop(get_ident(), None)


def _keeping(function, where):
    """Wrap a function so that exceptions that interrupt it are raised after the fork."""
    if not hasattr(function, "__code__"):
        return function  # a function of the accelerator, in which no signal handler runs

    def called():
        try:
            _keep(function, where)
        except Exception as error:
            report(error, "at_fork")

    return called


def _keep(function, where):
    try:
        function()
    except BaseException as error:
        kept = _raised.get(get_ident())
        if kept is None or not is_foreign(error):
            raise
        kept[where].append(error)


def at_fork(before=None, after_in_child=None):
    """Like os.register_at_fork, which exists since 3.7."""
    if after_in_child is not None:
        _forgetful.append(after_in_child)
        after_in_child = _keeping(after_in_child, 1)
    if before is not None:
        before = _keeping(before, 0)
    if hasattr(os, "register_at_fork"):
        named = {"before": before, "after_in_child": after_in_child}
        os.register_at_fork(**{name: function for name, function in named.items() if function is not None})
        return
    if before is not None:
        _before.append(before)
    if after_in_child is not None:
        _in_child.append(after_in_child)


def exec_follows(function, *args, **named):
    """Call a function that forks only to execute another program: the intermediate child is not recorded."""
    ident = get_ident()
    execs.add(ident)
    try:
        return function(*args, **named)
    finally:
        execs.discard(ident)


def is_before_exec():
    """Whether this thread forks for `exec_follows`."""
    return get_ident() in execs


def before_fork():
    """Called by the wrapper before a fork; does nothing if the interpreter runs the callbacks."""
    for function in reversed(_before):
        function()


def found_in_child():
    """Run the after-fork callbacks in a child of a fork by C code, once it has its journal."""
    for function in _forgetful[1:]:  # the first callback has created the journal
        function()


def after_in_child():
    """Called by the wrapper in the child, before any code of the program."""
    for function in _in_child:
        function()
