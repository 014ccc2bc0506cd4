"""How started programs are reached: by our variables in their environment, and our folder in their PYTHONPATH.

A Python that is given an environment without them is given them all the same, with one more that says what PYTHONPATH was: the runtime there
shows its program the environment that it was meant to have (starting.py). What such a program starts in C inherits ours from the kernel's copy.
What cannot be reached (`-I`, another user, ...) is dark: its starter's record says why.

A launcher that puts a folder with a `sitecustomize` of its own in front of ours (opentelemetry-instrument, ...) would have that one run instead of
ours, and the program and all that it starts would be lost. Ours is moved to the front then: it runs theirs, as it would have been run.
"""

from .pristine_os import os
from . import vocabulary as v
from .folder import why_lost
from .interpreters import is_python, unreached
from .locate import INJECT
from .state import runtime

_NAMES = (v.ENV_SESSION, v.ENV_OPTIONS, v.ENV_CACHE, v.ENV_NATIVE)
_variables = {}  # ours, as this process was given them
_shown = []  # where they are hidden from the program: the PYTHONPATH that it is shown, or None


def remember():
    """At the start, before anything is hidden: what others are to be given."""
    _variables.update((name, os.environ[name]) for name in _NAMES if name in os.environ)
    given = os.environ.get(v.ENV_GIVEN)
    if given is not None:
        _shown.append(given[1:] if given[:1] == "+" else None)


def in_front(path):
    """A PYTHONPATH with our folder first; None where it may stay as it is."""
    if type(path) is not str or INJECT not in path or path.startswith(INJECT):
        return None
    folders = path.split(os.pathsep)
    if INJECT not in folders or not any([_customizes(each) for each in folders[: folders.index(INJECT)]]):
        return None
    return os.pathsep.join([INJECT] + [each for each in folders if each != INJECT])


def _customizes(folder):
    return any([os.path.exists(os.path.join(folder, "sitecustomize" + end)) for end in (".py", ".pyc", os.sep + "__init__.py")])


def environment_for(env, argv, program=None):
    """The environment that is to be given instead of `env` (None: that one), and why the program will be dark ('': it is none, or no Python).

    :param env: None stands for the process's own
    :param argv: texts
    """
    program = program or (argv[0] if argv else "")
    python = is_python(program)
    why = unreached(argv) if python else ""
    if why is None:
        return None, ""
    lost = why_lost(runtime.folder) if python else ""
    if lost:
        return None, lost
    given = os.environ if env is None else env
    if type(given) is not dict and given is not os.environ:
        return None, why  # to look into it would be to run the program's code
    if env is None and _shown and _shown[0] == given.get("PYTHONPATH"):
        return None, why  # the kernel's copy has it
    known = _texts(given)
    path, session = known.get("PYTHONPATH"), known.get(v.ENV_SESSION)
    if session is not None and session != runtime.folder:
        return None, why  # another session's
    if session is not None and type(path) is str and INJECT in path.split(os.pathsep):
        front = in_front(path)
        return None if front is None else _without_path(given, PYTHONPATH=front), why
    if why or not python or not _variables or ("PYTHONPATH" in known and type(path) is not str):
        return None, why
    changed = _without_path(given, **_variables)
    changed["PYTHONPATH"] = INJECT if not path else INJECT + os.pathsep + path
    changed[v.ENV_GIVEN] = "-" if path is None else "+" + path
    return changed, ""


def _text(value):
    return os.fsdecode(value) if str is not bytes and type(value) is bytes else value


def _texts(env):
    """An environment with names as text. None is looked up in the dictionary itself: with -b, Python complains of a text that is held against bytes."""
    return dict((_text(name), _text(value)) for name, value in env.items() if type(name) in (str, bytes, type(u"")))


def _without_path(env, **more):
    """A copy that has no PYTHONPATH, and more."""
    kept = dict((name, value) for name, value in env.items() if type(name) not in (str, bytes, type(u"")) or _text(name) != "PYTHONPATH")
    kept.update(more)
    return kept


def replaced(arguments, at, argv, program=None):
    """The arguments of a call, with the environment that is to be given at that place, and why the program will be dark; see environment_for."""
    if len(arguments) <= at:
        return arguments, environment_for(None, argv, program)[1]
    env, dark = environment_for(arguments[at], argv, program)
    return (arguments if env is None else arguments[:at] + (env,) + arguments[at + 1 :]), dark


def lend(argv, program):
    """Change the environment as the kernel has it, which a call passes on; os.environ stays as it is. Answers what undoes it (None: nothing is
    to be undone), and why the program will be dark."""
    env, dark = environment_for(None, argv, program)
    if env is None:
        return None, dark
    before = {}
    for name in (v.ENV_GIVEN, "PYTHONPATH") + tuple(_variables):
        if name in env:
            before[name] = os.environ.get(name, _variables.get(name) if _shown else None)

    def undo():
        for name, value in before.items():
            if value is None:
                os.unsetenv(name)
            else:
                os.putenv(name, value)

    for name in before:
        os.putenv(name, env[name])
    return undo, dark
