"""`execnet`, and pytest-xdist, whose workers are its gateways: they go by the names of these (gw0, gw1, ...)."""

from ..guard import quietly
from ..hooks.os_calls import dress
from ..state import rt
from .library import Library

_SUFFIX = "-worker"


def _gateway(module):
    """`serve` runs in the worker only."""
    original = module.serve

    def serve(io, id):
        _say(id)
        return original(io, id)

    module.serve = dress(serve, original)


@quietly
def _say(name):
    if type(name) is str:
        rt.record("identity", name=name[: -len(_SUFFIX)] if name.endswith(_SUFFIX) else name, origin="subprocess")


class Execnet(Library):
    packages = ("execnet", "xdist")
    servants = (r"execnet\.",)
    own_threads = ("execnet",)

    def hooks(self):
        return (("execnet.gateway_base", _gateway),)


LIBRARY = Execnet()
