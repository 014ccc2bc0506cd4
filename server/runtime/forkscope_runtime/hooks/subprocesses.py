"""`subprocess.Popen`: any program as a leaf of the tree; a Python one starts its own journal."""

import sys

from .. import reaching
from ..forking import exec_follows
from ..guard import swallow
from ..locate import is_debuggers_call, user_line
from ..state import rt
from .os_calls import dress, texts

_frame = sys._getframe
_BEFORE_37 = sys.version_info < (3, 7)


def install(subprocess):
    """Every way through subprocess ends in _execute_child."""
    Popen = subprocess.Popen
    original = Popen._execute_child
    code = getattr(original, "__code__", None)
    names = () if code is None else code.co_varnames[: code.co_argcount]
    at_env = names.index("env") - 2 if "env" in names else 99  # behind self and args

    def _execute_child(self, args, *more, **named):
        try:
            more = reaching.replaced(more, at_env)
        except Exception as error:
            swallow(error, "environment")
        if _BEFORE_37:
            result = exec_follows(original, self, args, *_preparing(more), **named)
        else:
            result = original(self, args, *more, **named)
        try:
            if is_debuggers_call(_frame(1)):
                return result  # it runs uname when it is loaded, which is nothing of the program's
            rt.record("spawn", pid=self.pid, argv=texts(args), loc=user_line(_frame(1)), call="subprocess")
        except Exception as error:
            swallow(error, "subprocess")
        return result

    Popen._execute_child = dress(_execute_child, original)


def _preparing(more):
    """Before 3.7 nothing tells us of the fork before preexec_fn (the second argument): what that does is not the parent's doing."""
    if len(more) < 2 or more[1] is None or sys.version_info[0] == 2:
        return more
    function = more[1]

    def preexec_fn():
        rt.off()
        function()

    return more[:1] + (preexec_fn,) + more[2:]
