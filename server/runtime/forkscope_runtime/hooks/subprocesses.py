"""`subprocess.Popen`: any program is a leaf of the process tree; a Python program starts its own journal."""

import sys

from .. import child_env
from ..pristine_os import os
from ..forking import exec_follows
from ..errors import report
from ..locate import is_debuggers_call, user_line
from ..state import runtime
from .os_calls import mimic, texts, why

_frame = sys._getframe
_PLAIN = (list, tuple, str, bytes, type(u""))
_BEFORE_37 = sys.version_info < (3, 7)


def install(subprocess):
    """All functions of subprocess call _execute_child."""
    Popen = subprocess.Popen
    original = Popen._execute_child
    code = getattr(original, "__code__", None)
    names = () if code is None else code.co_varnames[: code.co_argcount]
    at_env = names.index("env") - 2 if "env" in names else 99  # after self and args
    at_shell = names.index("shell") - 2 if "shell" in names else 99
    at_user = names.index("uid") - 2 if "uid" in names else 99

    def _execute_child(self, args, *more, **named):
        dark, argv = "", None
        try:
            if type(args) in _PLAIN:  # only the library may consume an iterator
                argv = texts(args)
            program = "sh" if more[at_shell : at_shell + 1] == (True,) else texts(more[0])[0] if more and more[0] is not None else None
            more, dark = child_env.replaced(more, at_env, argv or (), program)
            if not dark and _is_another(more[at_user : at_user + 1]) and child_env.is_python(program or (argv or ("",))[0]):
                dark = "other-user"
        except Exception as error:
            report(error, "environment")
        if _BEFORE_37:
            result = exec_follows(original, self, args, *_preparing(more), **named)
        else:
            result = original(self, args, *more, **named)
        try:
            if is_debuggers_call(_frame(1)):
                return result  # loading it runs uname, which the program did not ask for
            runtime.record("spawn", pid=self.pid, argv=texts(args) if argv is None else argv, loc=user_line(_frame(1)), call="subprocess", **why(dark))
        except Exception as error:
            report(error, "subprocess")
        return result

    Popen._execute_child = mimic(_execute_child, original)


def _is_another(users):
    """Whether this is a user (a list of one number or None, or an empty list) that this process does not run as."""
    return [each for each in users if type(each) is int and each >= 0 and each != os.geteuid()] != []


def _preparing(more):
    """Before 3.7 there is no fork callback before preexec_fn (the second argument), whose operations must not count as the parent's."""
    if len(more) < 2 or more[1] is None or sys.version_info[0] == 2:
        return more
    function = more[1]

    def preexec_fn():
        runtime.off()
        function()

    return more[:1] + (preexec_fn,) + more[2:]
