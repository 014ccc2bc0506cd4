"""The one function with which multiprocessing starts fresh interpreters (spawn, forkserver, resource tracker) on POSIX."""

import sys

from ..guard import swallow
from ..locate import user_line
from ..state import rt
from .os_calls import dress, texts

_frame = sys._getframe


def install(util):
    """multiprocessing.util.spawnv_passfds answers with the new pid."""
    original = getattr(util, "spawnv_passfds", None)
    if original is None:
        return

    def spawnv_passfds(path, args, passfds):
        pid = original(path, args, passfds)
        try:
            rt.record("spawn", pid=pid, argv=texts(args), loc=user_line(_frame(1)), call="multiprocessing")
        except Exception as error:
            swallow(error, "spawnv_passfds")
        return pid

    util.spawnv_passfds = dress(spawnv_passfds, original)
