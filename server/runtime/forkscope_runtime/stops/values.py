"""The debugger's view of a paused thread: frames, variables and the message; and evaluation in it."""

import base64
import sys
import types

from ..pristine_os import os
from ..locate import is_library_file

try:
    import reprlib
except ImportError:  # Python 2
    import repr as reprlib

_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_MOST = 1000  # children of one value in one answer
_SENT = 1 << 20  # bytes of a message in an answer

_short = reprlib.Repr()
_short.maxstring = _short.maxother = _short.maxlong = 200
_short.maxlevel = 3


def text_of(value):
    """A short text of any value, or of the exception that its repr raises."""
    try:
        return _short.repr(value)
    except Exception as error:
        return "<%s: its repr raised %s>" % (type(value).__name__, type(error).__name__)


def hash_of(data):
    """A checksum that identifies the bytes of a message: CRC-32."""
    import zlib

    return zlib.crc32(data) & 0xFFFFFFFF


def names_of(operation, frame):
    """The names that an expression sees: (globals, locals with `message` unless the frame has one)."""
    if frame is None:
        return {"__builtins__": __builtins__}, _Lazy(operation, {})
    return frame.f_globals, _Lazy(operation, frame.f_locals)


class _Lazy(dict):
    """The frame's locals; `message` is created on first access, because it may have to be unpickled."""

    def __init__(self, operation, local):
        dict.__init__(self, local)
        self._operation = operation

    def __missing__(self, name):
        if name == "message" and self._operation.message is not None:
            return self._operation.message()
        raise KeyError(name)


def evaluate(expression, operation, frame):
    """The value of an expression in the frame; of a statement: None, after it was executed there."""
    known, local = names_of(operation, frame)
    is_value, code = _compiled(expression)
    if not is_value:
        before = dict(local)
        exec(code, known, local)
        if frame is not None:
            for name, value in dict(local).items():
                if name not in before or before[name] is not value:
                    assign(frame, name, value)
        return None
    return eval(code, known, local)


_codes = {}  # expression -> (whether it is an expression, its code): a condition is evaluated at each operation


def _compiled(expression):
    known = _codes.get(expression)
    if known is None:
        try:
            known = True, compile(expression, "<debugger>", "eval")
        except SyntaxError:
            known = False, compile(expression, "<debugger>", "exec")
        if len(_codes) < 1000:
            _codes[expression] = known
    return known


def assign(frame, name, value):
    """Bind a local (or, in a module, a global) variable of a frame."""
    frame.f_locals[name] = value
    if frame.f_locals is frame.f_globals or sys.version_info >= (3, 13):
        return
    try:
        import ctypes

        local = frame.f_locals
        local[name] = value
        ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
    except (ImportError, AttributeError):
        pass


def interpolate(template, operation):
    """A log message: each {expression} becomes its value; doubled braces are literal."""
    parts = []
    at = 0
    while at < len(template):
        if template[at : at + 2] in ("{{", "}}"):
            parts.append(template[at])
            at += 2
        elif template[at] == "{" and "}" in template[at:]:
            end = template.index("}", at)
            try:
                value = evaluate(template[at + 1 : end], operation, operation.user)
                parts.append(value if isinstance(value, str) else text_of(value))
            except Exception as error:
                parts.append("{%s: %s}" % (type(error).__name__, error))
            at = end + 1
        else:
            parts.append(template[at])
            at += 1
    return "".join(parts)


class Seen:
    """The state of one pause: the frames that the debugger knows, and every value that it may expand."""

    def __init__(self, operation):
        self.operation = operation
        # A task pauses in the pool's code, before or after the user's function.
        self.function = _code_of(operation.thing) if operation.kind == "task" else None
        self.stack = list(self._walk(operation.frame if self.function else operation.user or operation.frame))
        self.opened = [None]  # references count from 1
        self.replaced = False
        self.value = None

    def _walk(self, frame):
        while frame is not None:
            if not frame.f_code.co_filename.startswith(_HERE):
                yield frame
            frame = frame.f_back

    def frames(self):
        """Innermost first, from the user's own frame outwards."""
        told = [
            {
                "file": _absolute(frame.f_code.co_filename),
                "line": frame.f_lineno or 0,
                "name": getattr(frame.f_code, "co_qualname", frame.f_code.co_name),
                "subtle": _is_subtle(frame.f_code.co_filename),
            }
            for frame in self.stack[:200]
        ]
        code = self.function
        if code is not None and told:
            told[0] = {"file": _absolute(code.co_filename), "line": code.co_firstlineno, "name": code.co_name, "subtle": False}
        return told

    def message(self):
        """{size, data (base64 of its prefix), raw} of the message's bytes; or its text if there are no bytes."""
        operation = self.operation
        if operation.data is not None:
            try:
                data = operation.data()
                if data is not None:
                    head = base64.b64encode(bytes(data[:_SENT])).decode("ascii")
                    return {"size": len(data), "hash": hash_of(data), "data": head, "raw": operation.raw}
            except Exception as error:
                return {"problem": "%s: %s" % (type(error).__name__, error), "text": self._text()}
        return {"text": self._text()} if operation.message is not None else None

    def _text(self):
        try:
            return text_of(self.operation.message())
        except Exception as error:
            return "%s: %s" % (type(error).__name__, error)

    def answer(self, command):
        """Execute one command; an exception becomes the answer."""
        try:
            do = getattr(self, "do_" + str(command.get("do")))
            return {"id": command.get("id"), "ok": True, "result": do(command)}
        except Exception as error:
            return {"id": command.get("id"), "ok": False, "error": "%s: %s" % (type(error).__name__, error)}

    def do_evaluate(self, command):
        """{expression, frame} -> value."""
        value = evaluate(command["expression"], self.operation, self._frame(command))
        return self._described("", value)

    def do_locals(self, command):
        """{frame} -> variables."""
        return self._members(list(self._frame(command).f_locals.items()))

    def do_globals(self, command):
        """{frame} -> variables."""
        found = [(name, value) for name, value in list(self._frame(command).f_globals.items()) if name != "__builtins__"]
        return self._members(found)

    def do_children(self, command):
        """{ref} -> variables."""
        return self._members(children(self.opened[command["ref"]]))

    def do_set(self, command):
        """{scope: locals|globals|ref, frame, ref, name, expression} -> the new value."""
        frame = self._frame(command)
        value = evaluate(command["expression"], self.operation, frame)
        name = command["name"]
        if command["scope"] == "locals":
            assign(frame, name, value)
        elif command["scope"] == "globals":
            frame.f_globals[name] = value
        else:
            _set_child(self.opened[command["ref"]], name, value)
        return self._described(name, value)

    def do_replace(self, command):
        """{expression, frame}: the message becomes this value when the operation resumes. -> with `size` and `hash` of its bytes."""
        value = evaluate(command["expression"], self.operation, self._frame(command))
        told = self._described("message", value)
        if self.operation.data is not None:
            data = self.operation.encode(value)
            told.update(size=len(data), hash=hash_of(data))
        self.value = value
        self.replaced = True
        return told

    def do_message(self, command):
        """-> the message as a value that can be expanded."""
        return self._described("message", self.value if self.replaced else self.operation.message())

    def _frame(self, command):
        return self.stack[command.get("frame", 0)] if self.stack else None

    def _members(self, pairs):
        return [self._described(str(name), value) for name, value in pairs[:_MOST]]

    def _described(self, name, value):
        ref = 0
        if has_children(value):
            self.opened.append(value)
            ref = len(self.opened) - 1
        return {"name": name, "type": type(value).__name__, "text": text_of(value), "ref": ref}


def _is_subtle(name):
    """Whether a frame of this file is shown as library code."""
    return is_library_file(name) or "site-packages" in name


def _code_of(function):
    """The code of a function written in Python, or None."""
    function = getattr(function, "func", function)  # a partial
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    return code if isinstance(code, types.CodeType) else None


def _absolute(name):
    return name if name.startswith("<") else os.path.abspath(name)


def has_children(value):
    """Whether a value can be expanded, determined without running user code."""
    if isinstance(value, (dict, list, tuple, set, frozenset)):
        return len(value) > 0
    if value is None or isinstance(value, (str, bytes, int, float, complex, type, types.FunctionType, types.ModuleType)):
        return False
    return bool(getattr(value, "__dict__", None))


def children(value):
    """(name, value) of the children of a value."""
    if isinstance(value, dict):
        return [(text_of(key), each) for key, each in list(value.items())[:_MOST]]
    if isinstance(value, (list, tuple)):
        return [(str(number), each) for number, each in enumerate(value[:_MOST])]
    if isinstance(value, (set, frozenset)):
        return [("", each) for each in list(value)[:_MOST]]
    return sorted(getattr(value, "__dict__", {}).items())


def _set_child(container, name, value):
    if isinstance(container, dict):
        for key in container:
            if text_of(key) == name:
                container[key] = value
                return
        raise KeyError(name)
    if isinstance(container, list):
        container[int(name)] = value
    elif isinstance(container, (tuple, set, frozenset)):
        raise TypeError("a %s cannot be changed" % type(container).__name__)
    else:
        setattr(container, name, value)
