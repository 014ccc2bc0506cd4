"""How started programs are reached: by our folder in their PYTHONPATH.

A launcher that puts a folder with a `sitecustomize` of its own in front of it (opentelemetry-instrument, ...) would have that one run instead of
ours, and the program and all that it starts would be lost. Ours is moved to the front then: it runs theirs, as it would have been run.
"""

from .kept import os
from .locate import INJECT


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


def _changed(env):
    """The environment that is to be given instead of this one; None: this one. Only dictionaries, which run no code of the program's."""
    if type(env) is not dict and env is not os.environ:
        return None
    path = in_front(env.get("PYTHONPATH"))
    return None if path is None else dict(env, PYTHONPATH=path)


def replaced(arguments, at):
    """The arguments of a call, with the environment that is to be given at that place; `None` there stands for the process's own."""
    if len(arguments) <= at:
        return arguments
    env = _changed(os.environ if arguments[at] is None else arguments[at])
    return arguments if env is None else arguments[:at] + (env,) + arguments[at + 1 :]


def lend():
    """Change the environment as the kernel has it, which a call passes on; os.environ stays as it is. Answers what undoes it, None: nothing."""
    before = os.environ.get("PYTHONPATH")
    path = in_front(before)
    if path is None:
        return None

    def undo():
        os.putenv("PYTHONPATH", before)

    os.putenv("PYTHONPATH", path)
    return undo
