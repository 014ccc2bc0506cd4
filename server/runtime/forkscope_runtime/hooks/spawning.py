"""The one function with which multiprocessing starts fresh interpreters (spawn, forkserver, resource tracker) on POSIX."""

import sys

from .. import child_env
from ..errors import report
from ..pristine_os import os
from ..locate import user_line
from ..state import runtime
from .os_calls import mimic, texts, why

_frame = sys._getframe


def install(util):
    """multiprocessing.util.spawnv_passfds returns the new pid."""
    original = getattr(util, "spawnv_passfds", None)
    if original is None:
        return

    def spawnv_passfds(path, args, passfds):
        function, dark = original, ""
        try:
            env, dark = child_env.environment_for(None, texts(args), texts(path)[0])
            if env is not None:
                function = _giving(original, env)
        except Exception as error:
            report(error, "environment")
        pid = function(path, args, passfds)
        try:
            runtime.record("spawn", pid=pid, argv=texts(args), loc=user_line(_frame(1)), call="multiprocessing", **why(dark))
        except Exception as error:
            report(error, "spawnv_passfds")
        return pid

    util.spawnv_passfds = mimic(spawnv_passfds, original)


_AT_ENVIRONMENT = 5  # among the arguments of _posixsubprocess.fork_exec, in every version


def _giving(original, env):
    """The library's function, with an environment for the new process. The library passes none, so the process would inherit the kernel's copy,
    which the program has changed. That copy is not modified: other C threads may be reading it."""
    listed = [os.fsencode(name) + b"=" + os.fsencode(value) for name, value in env.items()]

    class Starter(object):
        @staticmethod
        def fork_exec(*arguments):
            if len(arguments) > _AT_ENVIRONMENT and arguments[_AT_ENVIRONMENT] is None:
                arguments = arguments[:_AT_ENVIRONMENT] + (listed,) + arguments[_AT_ENVIRONMENT + 1 :]
            return __import__("_posixsubprocess").fork_exec(*arguments)

    def importing(name, *more, **named):
        return Starter if name == "_posixsubprocess" else __import__(name, *more, **named)

    known = original.__globals__
    builtins = known["__builtins__"]
    builtins = dict(builtins if type(builtins) is dict else vars(builtins), __import__=importing)
    return type(_giving)(original.__code__, dict(known, __builtins__=builtins), original.__name__, original.__defaults__, original.__closure__)
