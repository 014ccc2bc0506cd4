"""What sitecustomize.py does: starts the runtime, then gets out of the way. Executed, not imported.

Takes the folder of sitecustomize.py off sys.path and lets the user's own sitecustomize, if there is one, run as it would have.

HERE: that folder. MODULES: from the bundle (see bundle.py), the modules that every start needs, or none. PLAIN: the modules that only a start without
the accelerator needs. BUNDLE: the bundle's path.
"""


def _forkscope():
    import os
    import sys

    here = HERE  # noqa: F821
    sys.path[:] = [folder for folder in sys.path if folder != here]
    session = os.environ.get("FORKSCOPE_SESSION")
    if session and os.path.isdir(session) and "forkscope_runtime" not in sys.modules and _is_main_interpreter():
        home = os.path.dirname(here)
        cache = os.environ.get("FORKSCOPE_CACHE")
        prefix, no_bytecode = getattr(sys, "pycache_prefix", None), sys.dont_write_bytecode
        sys.path.insert(0, home)
        try:
            if cache and hasattr(sys, "pycache_prefix"):
                sys.pycache_prefix, sys.dont_write_bytecode = cache, False
            boot = _from_bundle()
            if boot is None:
                from forkscope_runtime import boot

            boot.start(session)
        except Exception:
            pass  # run without the runtime: the program comes first
        finally:
            if hasattr(sys, "pycache_prefix"):
                sys.pycache_prefix = prefix
            sys.dont_write_bytecode = no_bytecode
            if home in sys.path:
                sys.path.remove(home)
            sys.path_importer_cache.pop(home, None)
    sys.path_importer_cache.pop(here, None)
    try:
        _hide()
    except Exception:
        pass  # the program then sees additional variables


def _hide():
    """Show the program the environment that its starter passed explicitly, if any: see child_env.py. Programs that C code starts still
    inherit Forkscope's variables from the kernel's copy."""
    import os

    given = os.environ.get("FORKSCOPE_GIVEN")
    if given is None:
        return
    if hasattr(os.environ, "encodekey"):
        held, encode = os.environ._data, os.environ.encodekey
    else:  # Python 2
        held, encode = os.environ.data, str
    for name in [each for each in os.environ if each.startswith("FORKSCOPE_")]:
        held.pop(encode(name), None)
    if given[:1] == "+":
        held[encode("PYTHONPATH")] = os.environ.encodevalue(given[1:]) if hasattr(os.environ, "encodevalue") else given[1:]
    else:
        held.pop(encode("PYTHONPATH"), None)


def _is_main_interpreter():
    """Whether this is the main interpreter. A process has one journal, its main interpreter's; subinterpreters are not recorded (known since 3.12)."""
    import sys

    return getattr(sys.modules.get("_thread"), "_is_main_interpreter", lambda: True)()


def _from_bundle():
    """The runtime's `boot` from the modules that the launcher has prepared; None if none match."""
    import os
    import sys

    if not MODULES:  # noqa: F821
        return None
    try:
        from _frozen_importlib import ModuleSpec

        modules, at_hand = list(MODULES), PLAIN  # noqa: F821
        if not os.path.isabs(os.environ.get("FORKSCOPE_NATIVE", "")):
            from marshal import loads

            modules += [loads(each) for each in at_hand.values()]
            at_hand = {}
        for name, is_package, code in modules:
            spec = ModuleSpec(name, None, origin=code.co_filename, is_package=is_package)
            module = type(sys)(name)
            module.__spec__, module.__file__ = spec, code.co_filename
            module.__package__ = spec.parent
            if is_package:
                module.__path__ = spec.submodule_search_locations
                module.__path__.append(os.path.dirname(code.co_filename))
            sys.modules[name] = module
            exec(code, module.__dict__)
            if spec.parent != name:
                setattr(sys.modules[spec.parent], name.rpartition(".")[2], module)
        sys.modules["forkscope_runtime.importing"].bundle_later(BUNDLE, at_hand)  # noqa: F821
        return sys.modules["forkscope_runtime.boot"]
    except Exception:
        for name in [each for each in sys.modules if each.partition(".")[0] == "forkscope_runtime"]:
            del sys.modules[name]
        return None


def _chain():
    """Run the user's own sitecustomize under its own name; it replaces ours in sys.modules, as if found first."""
    import sys

    if sys.version_info[0] == 2:
        return _chain_in_python2()
    try:  # the parts of importlib.util, whose import would take another millisecond and add a module that the program did not import
        from _frozen_importlib import _find_spec as find_spec
        from _frozen_importlib import module_from_spec
    except ImportError:
        from importlib.util import find_spec, module_from_spec

    ours = sys.modules.pop("sitecustomize", None)
    spec = find_spec("sitecustomize", None)
    if spec is None or spec.loader is None:
        if ours is not None:
            sys.modules["sitecustomize"] = ours
        return
    module = module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


def _chain_in_python2():
    import imp
    import sys

    ours = sys.modules.pop("sitecustomize", None)
    try:
        found = imp.find_module("sitecustomize")
    except ImportError:
        sys.modules["sitecustomize"] = ours
        return
    try:
        imp.load_module("sitecustomize", *found)
    finally:
        if found[0] is not None:
            found[0].close()
        # The module that Python is importing must remain in sys.modules in any case; here it is the user's.
        sys.modules.setdefault("sitecustomize", ours)


_forkscope()
_chain()
