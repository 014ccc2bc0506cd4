"""Post-import hooks: modules that the program never imports cost nothing.

A finder in front of the others handles only the watched names. It finds them through the other finders and runs the hooks right
after the module's own code. The module's spec and loader are unchanged.
"""

import sys

from .pristine_os import os
from .compat import PY2
from .errors import isolated, report

_hooks = {}  # module name -> functions to call with the module after each import of it
_sought = {}  # module name -> function to call at the first attempt to find the module


def when_imported(name, function):
    """Call `function(module)` now if the module is there, and right after each import of it: eventlet and ddtrace import modules again."""
    module = sys.modules.get(name)
    _hooks.setdefault(name, []).append(function)
    if module is not None and not _is_initializing(module):
        _call(function, module)


def when_found(name, function):
    """Call `function()` once, before the module of that name runs; now if it is there. It may call `when_imported` for the module itself."""
    if name in sys.modules:
        _find(function)
    else:
        _sought[name] = function


@isolated
def _find(function):
    function()


def look_for(name):
    """The program searches for this module: call the functions that wait for it."""
    function = _sought.pop(name, None)
    if function is not None:
        _find(function)


def forget():
    """Drop all hooks: the interpreter exits."""
    _hooks.clear()
    _sought.clear()


def _is_initializing(module):
    return getattr(getattr(module, "__spec__", None), "_initializing", False)


def _call(function, module):
    try:
        function(module)
    except Exception as error:
        report(error, "install:" + getattr(module, "__name__", "?"))


_bundled = {}  # name -> a module of the runtime, marshalled: (name, whether it is a package, code)
_bundles = []  # path of a bundle whose table has not been read yet
_OURS = __name__.partition(".")[0] + "."


def bundle_later(path, at_hand):
    """For starting.py with a bundle: the second part is read when its first module is needed.

    :param at_hand: modules that are read but not executed, in the form of `_bundled`
    """
    _bundles.append(path)
    _bundled.update(at_hand)


def _rest_of(path):
    """The second part of a bundle, marshalled; see bundle.py and inject/sitecustomize.py."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        status = os.fstat(fd)
        if status.st_uid != os.geteuid() or status.st_mode & 0o022:
            return b""
        begin = 16 + int.from_bytes(os.read(fd, 16)[8:], "little")
        os.lseek(fd, begin, os.SEEK_SET)
        return os.read(fd, status.st_size - begin)
    finally:
        os.close(fd)


def _in_bundle(name):
    """The spec of a runtime module; None if the bundle lacks it or cannot be read, so that Python finds its source."""
    loads = __import__("marshal").loads
    while _bundles and name not in _bundled:
        path = _bundles.pop()
        try:
            _bundled.update(loads(_rest_of(path)))
        except Exception as error:
            report(error, "bundle")
    if name not in _bundled:
        return None
    from _frozen_importlib import ModuleSpec

    _, is_package, code = loads(_bundled[name])
    spec = ModuleSpec(name, _Bundled(code), origin=code.co_filename, is_package=is_package)
    if is_package:
        spec.submodule_search_locations.append(os.path.dirname(code.co_filename))
    return spec


class _Bundled:
    """Loads a module from the bundle."""

    def __init__(self, code):
        self._code = code

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.__file__ = self._code.co_filename
        exec(self._code, module.__dict__)


class _Finder:
    """The first finder in sys.meta_path."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in _sought:
            look_for(name)
        if name not in _hooks:
            return _in_bundle(name) if name.startswith(_OURS) else None
        for finder in sys.meta_path:
            if finder is _Finder or isinstance(finder, _Finder):
                continue
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find is not None else None
            if spec is not None:
                _look_at(spec, name)
                return spec
        return None


@isolated
def _look_at(spec, name):
    loader = spec.loader
    if loader is None or not hasattr(loader, "exec_module"):
        return
    if isinstance(loader, type):  # built-in and frozen modules share one loader class
        spec.loader = _Once(loader, name)
    else:
        _watch(loader, name)


class _Once(object):
    """Replaces a shared loader until the module is executed; the module then gets its original loader."""

    def __init__(self, loader, name):
        self._loader = loader
        self._name = name

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def exec_module(self, module):
        module.__loader__ = module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        for function in _hooks.get(self._name, ()):
            _call(function, module)


def _watch(loader, name):
    """Make this loader object call the hooks after it has run the module. Its class and the module's `__loader__` are unchanged."""
    original = loader.exec_module

    def exec_module(module):
        try:
            del loader.exec_module  # the next use is the original one; a fresh import or reload() creates a new spec, which is watched again
        except AttributeError:
            pass
        original(module)
        for function in _hooks.get(name, ()):
            _call(function, module)

    try:
        loader.exec_module = exec_module
    except (AttributeError, TypeError):  # a loader without a `__dict__`: this module is not observed
        _hooks.pop(name, None)


_installed = []  # the finder, if it is installed


def install():
    """Put the finder in front, once."""
    if _installed:
        return
    if PY2:
        from .py2_importing import Finder

        _installed.append(Finder(_hooks, _call, look_for))
    else:
        _installed.append(_Finder)
    sys.meta_path.insert(0, _installed[0])


def uninstall():
    """Remove the finder: nothing is recorded."""
    sys.meta_path[:] = [each for each in sys.meta_path if not any(each is ours for ours in _installed)]
    del _installed[:]
