"""Command lines of Python interpreters: whether a program is one, and whether it would read the environment variables that load the runtime."""

import sys

from .pristine_os import os

_TAKING = "XWQ"  # options with a value, which may be the next word
_ASKING = "VhH?"  # prints information and runs no program
_LONG = ("--version", "--help", "--help-env", "--help-xoptions", "--help-all")
_REASONS = {"I": "isolated", "E": "ignores-environment", "S": "no-site"}
_FIRST = ("isolated", "ignores-environment", "no-site")


def is_python(program):
    """Whether this is the name or path of a Python interpreter, judged by its name alone."""
    name = os.path.basename(program).lower()
    if name.endswith(".exe"):
        name = name[:-4]
    for start in ("python", "pypy"):
        if name.startswith(start) and not name[len(start) :].strip("0123456789.-tdmuw"):
            return True
    return program == sys.executable


def unreached(argv):
    """Why an interpreter with these arguments ignores PYTHONPATH or imports no sitecustomize; '' if it does neither; None: it runs no program.

    :param argv: its own name first
    """
    found = set()
    words = iter(argv[1:])
    for word in words:
        if word in _LONG:
            return None
        if word == "--check-hash-based-pycs":
            next(words, None)
            continue
        if len(word) < 2 or not word.startswith("-") or word.startswith("--"):
            break
        rest = word[1:]
        for at, letter in enumerate(rest):
            if letter in _ASKING:
                return None
            if letter in "cm":
                return _worst(found)
            if letter in _TAKING:
                if at == len(rest) - 1:
                    next(words, None)
                break
            if letter in _REASONS:
                found.add(_REASONS[letter])
    return _worst(found)


def _worst(found):
    return ([each for each in _FIRST if each in found] or [""])[0]
