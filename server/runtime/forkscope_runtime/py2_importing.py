"""Python 2's half of importing.py: finders there answer with a loader that loads the module itself."""

import sys


class Finder(object):
    """The first finder in sys.meta_path. `hooks`, `call` and `look_for` come from importing.py."""

    def __init__(self, hooks, call, look_for):
        self._hooks = hooks
        self._call = call
        self._look_for = look_for
        self._loading = set()

    def find_module(self, name, path=None):
        self._look_for(name)
        if name in self._hooks and name not in self._loading and name not in sys.modules:  # else it is reload()
            return self
        return None

    def load_module(self, name):
        """Import it again as if this finder were not there, then run the hooks."""
        self._loading.add(name)
        try:
            __import__(name)
        finally:
            self._loading.discard(name)
        module = sys.modules[name]
        for function in self._hooks.get(name, ()):
            self._call(function, module)
        return module
