"""What the tests of libraries share."""

import importlib.util
import unittest
from collections import Counter


def needs(library):
    return unittest.skipIf(importlib.util.find_spec(library) is None, library + " is not installed")


def tasks(result):
    """How many started, and how they ended."""
    started = result.events("TASK_START")
    ended = {(event.a, event.b): event.outcome for event in result.events("TASK_END")}
    return len(started), Counter(ended.values())
