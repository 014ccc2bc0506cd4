"""`execnet`, and pytest-xdist, whose workers are its gateways and have their names (gw0, gw1, ...)."""

from ..errors import isolated
from ..hooks.os_calls import mimic
from ..state import runtime
from .library import Library

_SUFFIX = "-worker"


def _gateway(module):
    """`serve` runs only in the worker."""
    original = module.serve

    def serve(io, id):
        _say(id)
        return original(io, id)

    module.serve = mimic(serve, original)


@isolated
def _say(name):
    if type(name) is str:
        runtime.record("identity", name=name[: -len(_SUFFIX)] if name.endswith(_SUFFIX) else name, origin="subprocess")


class Execnet(Library):
    packages = ("execnet", "xdist")
    servants = (r"execnet\.",)
    own_threads = ("execnet",)

    def hooks(self):
        return (("execnet.gateway_base", _gateway),)


LIBRARY = Execnet()
