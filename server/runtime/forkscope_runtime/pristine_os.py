"""The functions of `os` as they were when the interpreter started.

A program's tests replace them (unittest.mock, pyfakefs). Only the program may call the replacements, and their results do not describe
this process as the kernel sees it. pyfakefs searches every module for `os` itself, so the object here is not a module.
"""

import os as _os


class _PristineModule(object):
    def __init__(self, module):
        vars(self).update(vars(module))


os = _PristineModule(_os)
os.path = _PristineModule(_os.path)
if _os.name == "posix":

    def _abspath(name):
        """The library's own abspath reads the working directory through the module `os`."""
        path = os.path
        return path.normpath(name if path.isabs(name) else path.join(os.getcwd(), name))

    os.path.abspath = _abspath
del _os
