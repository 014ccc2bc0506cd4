"""`subprocess.Popen`: any program as a leaf of the tree; a Python one starts its own journal."""

import sys

from ..guard import swallow
from ..locate import user_line
from ..state import rt
from .os_calls import dress, texts

_frame = sys._getframe


def install(subprocess):
    """Every way through subprocess ends in _execute_child."""
    Popen = subprocess.Popen
    original = Popen._execute_child

    def _execute_child(self, args, *more, **named):
        result = original(self, args, *more, **named)
        try:
            rt.record("spawn", pid=self.pid, argv=texts(args), loc=user_line(_frame(1)), call="subprocess")
        except Exception as error:
            swallow(error, "subprocess")
        return result

    Popen._execute_child = dress(_execute_child, original)
