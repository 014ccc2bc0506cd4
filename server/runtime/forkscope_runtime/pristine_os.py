"""The functions of `os` as they were when the interpreter started.

A program's tests put others in their place (unittest.mock, pyfakefs): those are to be called by the program alone, and what they answer
is not what the kernel says of this process. pyfakefs looks through every module for `os` itself: so this is no module.
"""

import os as _os


class _PristineModule(object):
    def __init__(self, module):
        vars(self).update(vars(module))


os = _PristineModule(_os)
os.path = _PristineModule(_os.path)
if _os.name == "posix":

    def _abspath(name):
        """The library's asks `os` for the working directory."""
        path = os.path
        return path.normpath(name if path.isabs(name) else path.join(os.getcwd(), name))

    os.path.abspath = _abspath
del _os
