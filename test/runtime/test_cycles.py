"""The runtime's modules import each other in one direction only, also inside functions: late imports are not exempt."""

import ast
import os
import unittest

from support import ROOT

PACKAGE = os.path.join(ROOT, "server", "runtime", "forkscope_runtime")


def modules():
    """{name within the package: path}; a package goes by its own name, the root package by ""."""
    found = {}
    for folder, _, files in os.walk(PACKAGE):
        parts = [] if folder == PACKAGE else os.path.relpath(folder, PACKAGE).split(os.sep)
        for file in files:
            if file.endswith(".py"):
                found[".".join(parts if file == "__init__.py" else parts + [file[:-3]])] = os.path.join(folder, file)
    return found


def imported(name, is_package, text, known):
    """Names of the modules imported by one."""
    home = name.split(".") if is_package and name else name.split(".")[:-1]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = home[: len(home) - node.level + 1] + (node.module.split(".") if node.module else [])
            for each in node.names:
                whole = ".".join(base + [each.name])
                yield whole if whole in known else ".".join(base)


def circle(graph, start):
    """A shortest path from a module back to itself; None if there is none."""
    ways = [[start]]
    seen = set()
    for way in ways:
        for each in sorted(graph.get(way[-1], ())):
            if each == start:
                return " -> ".join(way + [start])
            if each not in seen:
                seen.add(each)
                ways.append(way + [each])
    return None


class Circles(unittest.TestCase):
    def test_every_form_of_import_is_seen(self):
        known = {"": "", "a": "", "b": "", "b.c": "", "b.d": "", "e": ""}
        text = "from .. import a, VERSION\nfrom ..e import f\nfrom . import d, g\ndef late():\n    from .d import h\nimport os\n"
        self.assertEqual(sorted(imported("b.c", False, text, known)), ["", "a", "b", "b.d", "b.d", "e"])
        self.assertEqual(sorted(imported("b", True, "from .c import x\nfrom ..a import y\n", known)), ["a", "b.c"])

    def test_the_shortest_path_back_is_reported(self):
        graph = {"a": {"b", "d"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": {"a"}}
        self.assertEqual([circle(graph, each) for each in "abe"], ["a -> d -> a", "b -> c -> a -> b", None])

    def test_the_runtime_has_none(self):
        known = modules()
        graph = {}
        for name, path in known.items():
            with open(path, "rb") as file:
                graph[name] = set(imported(name, os.path.basename(path) == "__init__.py", file.read(), known)) - {name}
        self.assertLessEqual({"compat", "state"}, graph["identity"])
        self.assertEqual([circle(graph, each) for each in sorted(graph) if circle(graph, each)], [])


if __name__ == "__main__":
    unittest.main()
