"""How the runtime reaches started programs: by Forkscope's variables in their environment and its folder in their PYTHONPATH.

If a program starts Python with an environment that lacks them, the runtime adds them, with one more variable that holds the original PYTHONPATH. The
runtime there shows its program the intended environment (starting.py). Programs that C code starts from there inherit the variables from the kernel's
copy. A program that cannot be reached (`-I`, another user, ...) is dark: the record of its start says why.

Some launchers (opentelemetry-instrument, ...) put a folder with their own `sitecustomize` in front of ours. Python would run that one instead, and the
program and its descendants would not be recorded. The runtime then moves our folder to the front; our sitecustomize runs the launcher's as Python would.
"""

from .pristine_os import os
from . import vocabulary as v
from .folder import why_lost
from .interpreters import is_python, unreached
from .locate import INJECT
from .state import runtime

_NAMES = (v.ENV_SESSION, v.ENV_OPTIONS, v.ENV_CACHE, v.ENV_NATIVE)
_variables = {}  # Forkscope's, as this process received them
_shown = []  # if they are hidden from the program: the PYTHONPATH that the program sees, or None


def remember():
    """Save the variables for child processes; called at the start, before any is hidden."""
    _variables.update((name, os.environ[name]) for name in _NAMES if name in os.environ)
    given = os.environ.get(v.ENV_GIVEN)
    if given is not None:
        _shown.append(given[1:] if given[:1] == "+" else None)


def in_front(path):
    """A PYTHONPATH with our folder first; None if no change is needed."""
    if type(path) is not str or INJECT not in path or path.startswith(INJECT):
        return None
    folders = path.split(os.pathsep)
    if INJECT not in folders or not any([_customizes(each) for each in folders[: folders.index(INJECT)]]):
        return None
    return os.pathsep.join([INJECT] + [each for each in folders if each != INJECT])


def _customizes(folder):
    return any([os.path.exists(os.path.join(folder, "sitecustomize" + end)) for end in (".py", ".pyc", os.sep + "__init__.py")])


def environment_for(env, argv, program=None):
    """The environment to pass instead of `env` (None: unchanged), and why the program will be dark ('': it will not be, or it is not Python).

    :param env: None means the process's own
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
        return None, why  # reading it would run the program's code
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
    """An environment with names as text. The dictionary itself is never searched: with -b, Python warns when it compares text with bytes."""
    return dict((_text(name), _text(value)) for name, value in env.items() if type(name) in (str, bytes, type(u"")))


def _without_path(env, **more):
    """A copy without PYTHONPATH, with the items of `more` added."""
    kept = dict((name, value) for name, value in env.items() if type(name) not in (str, bytes, type(u"")) or _text(name) != "PYTHONPATH")
    kept.update(more)
    return kept


def replaced(arguments, at, argv, program=None):
    """The arguments of a call with the environment to pass at index `at`, and why the program will be dark; see environment_for."""
    if len(arguments) <= at:
        return arguments, environment_for(None, argv, program)[1]
    env, dark = environment_for(arguments[at], argv, program)
    return (arguments if env is None else arguments[:at] + (env,) + arguments[at + 1 :]), dark


def lend(argv, program):
    """Change the kernel's copy of the environment, which a call passes on; os.environ is unchanged. Returns the function that undoes the change
    (None: no change), and why the program will be dark."""
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
