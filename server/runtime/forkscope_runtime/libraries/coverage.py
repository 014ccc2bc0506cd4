"""coverage.py: it counts files outside of library folders as the program's, so the runtime's files would appear in the program's report."""

from ..hooks.os_calls import mimic
from ..pristine_os import os
from .library import Library

_PLAIN = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))) + os.sep
_HERE = (_PLAIN, os.path.realpath(_PLAIN) + os.sep)


def _install(module):
    """`coverage.inorout`, which decides once per file, and `coverage.data`, for files measured earlier: coverage may start before the runtime."""
    if hasattr(module, "InOrOut"):
        cls = module.InOrOut
        cls.check_include_omit_etc = _checking(cls.check_include_omit_etc)
    else:
        cls = module.CoverageData
        cls.add_lines, cls.add_arcs = _adding(cls.add_lines), _adding(cls.add_arcs)


def _checking(original):
    def check_include_omit_etc(self, filename, frame):
        return "is Forkscope's" if filename.startswith(_HERE) else original(self, filename, frame)

    return mimic(check_include_omit_etc, original)


def _adding(original):
    def add(self, *args, **named):
        if args and isinstance(args[0], dict):
            args = (dict([each for each in args[0].items() if not each[0].startswith(_HERE)]),) + args[1:]
        return original(self, *args, **named)

    return mimic(add, original)


class Coverage(Library):
    packages = ("coverage",)
    python2 = True
    internals = ()

    def hooks(self):
        return (("coverage.inorout", _install), ("coverage.data", _install))


LIBRARY = Coverage()
