"""What is to be done around a fork: os.register_at_fork where it exists, else the wrapper of os.fork calls it (hooks/os_calls.py).

What a signal handler of the program raises there would be printed and forgotten by the interpreter, and a Ctrl-C lost: the wrapper
of os.fork raises it when the fork is done.
"""

from .compat import get_ident
from .errors import is_foreign, report
from .pristine_os import os

execs = set()  # threads in exec_follows
_before = []
_in_child = []
_forgetful = []
_raised = {}  # by thread that is in the wrapper of os.fork: what was raised before the fork, and what in the child


def begin():
    """This thread forks, and raises afterwards what interrupts the calls around it. Answers where that is kept: before the fork, in the child."""
    _raised[get_ident()] = kept = ([], [])
    return kept


def done():
    """The fork is done, or has failed."""
    _raised.pop(get_ident(), None)


def _keeping(function, where):
    """The function, so that what interrupts it waits for the end of the fork."""
    if not hasattr(function, "__code__"):
        return function  # of the accelerator's, in which no signal handler runs

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
    """As os.register_at_fork, which came with 3.7."""
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
    """Call a function that forks only to execute another program: the child in between is none of ours."""
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
    """Called by the wrapper before a fork; nothing where the interpreter does it."""
    for function in reversed(_before):
        function()


def found_in_child():
    """Called in a child that C code has forked, when it has its journal: what was to be called after the fork."""
    for function in _forgetful[1:]:  # the first one has made the journal
        function()


def after_in_child():
    """Called by the wrapper in the child, before any code of the program's."""
    for function in _in_child:
        function()
