"""Where to pause: the debugger's plan, read again when its generation changes, and this process's own steps."""

import json
import time

from ..pristine_os import os
from .. import vocabulary as v
from ..compat import clocks
from ..folder import ours
from ..identity import names
from ..state import runtime
from .values import evaluate, hash_of, interpolate

_state = {
    "generation": None, "plan": {}, "files": {}, "given_up": -1, "names": [], "names_size": -1,
    "everywhere": True, "line_numbers": (), "strangers": {},
}  # fmt: skip
_step = {"kind": None, "keys": (), "gid": 0, "pid": 0}

FILTERS = {
    "put": "send", "send": "send", "get": "receive", "recv": "receive", "start": "start", "fork": "start", "spawn": "start",
    "badEnd": "badEnd", "task": "task", "taskEnd": "task",
}  # fmt: skip
_AS_BYTES = {"send_bytes": "send", "recv_bytes": "recv"}
_MOST_STRANGERS = 10000
_LONGEST_HOLD = 15
_LIMITS = ("Full", "Empty", "TimeoutError", "timeout")
_BROKEN = ("EOFError", "BrokenPipeError", "ConnectionResetError")


def match(operation):
    """Why this operation pauses: {kind, id, ...}; None if it does not."""
    plan = _read()
    if plan is None:
        return None
    followed = _followed(operation, plan)
    if followed is not None:
        return followed
    frozen = plan.get("freeze")
    if frozen is not None and os.getpid() not in frozen and _is_users(operation):
        return {"kind": "freeze", "id": 0}
    return (
        _stepped(operation, plan) or _by_line(operation, plan)
        or _by_name(operation, plan) or _by_filter(operation, plan)
    )  # fmt: skip


def ignores(op, kind, gid, thing, frame, keys):
    """Whether nothing in the plan matches the user's put, send, get or receive at that frame. Decided without creating an Operation.

    :param keys: as of an Operation, like `op`, `kind`, `gid` and `thing`
    """
    plan = _read()
    if plan is None:
        return True
    if _state["everywhere"] or _step["kind"] is not None or FILTERS.get(op) in plan.get("filters", ()):
        return False
    if _state["line_numbers"] and frame.f_lineno in _state["line_numbers"]:
        return False
    functions = plan.get("functions")
    if not functions:
        return True
    place = op, gid, id(frame.f_code)
    known = _state["strangers"].get(place)
    if known is None or known[0] is not frame.f_code or known[1] is not type(thing):
        if not gid or any(_may_fit(op, kind, gid, thing, frame, keys, each) for each in functions):
            return False
        if len(_state["strangers"]) < _MOST_STRANGERS:
            _state["strangers"][place] = frame.f_code, type(thing)
    return True


def _may_fit(op, kind, gid, thing, frame, keys, wanted):
    """Whether `_fits` can be true at this line, now or later. Depends only on data that is fixed while the plan is valid."""
    target, call = wanted.get("target"), wanted.get("call")
    if call is not None and not _is_call(op, call):
        return False
    name = names.get(gid, "")
    if target is None or target == kind or not name or target == name or _is_class(thing, target) or _mentions(frame.f_code, target):
        return True
    return bool(wanted.get("keys")) and not set(wanted["keys"]).isdisjoint(keys())


def _is_call(op, call):
    """A connection's send_bytes counts as a send."""
    return call in (op, _AS_BYTES.get(op))


def go_on(step, operation):
    """How the process resumes from a pause: None, 'next' or 'out'."""
    _step["kind"] = step
    _step["pid"] = os.getpid()
    _step["gid"] = operation.gid
    _step["keys"] = tuple(operation.keys()) if step == "out" else ()


def give_up():
    """The debugger is gone: nothing pauses until there is a new plan."""
    _step["kind"] = None
    _state["given_up"] = _state["generation"]


def asks_for(name):
    """Whether a filter of that name is set."""
    plan = _read()
    return plan is not None and name in plan.get("filters", {})


def secret():
    """Where the debugger listens, and the shared secret: (path, secret)."""
    plan = _state["plan"]
    return plan.get("socket", ""), plan.get("word", "")


def _read():
    page = runtime.armed
    generation = page[v.CONTROL_AT_GENERATION : v.CONTROL_AT_GENERATION + 8]
    if generation != _state["generation"]:
        if not ours(runtime.folder):
            return None  # its expressions would be evaluated here
        try:
            with open(os.path.join(runtime.folder, v.FILE_PLAN), "rb") as file:
                plan = json.loads(file.read().decode("utf-8"))
        except (OSError, ValueError):
            return None
        files = {}
        for each in plan.get("lines", ()):
            files.setdefault(os.path.basename(each["file"]), []).append(each)
        _state.update(
            generation=generation, plan=plan, files=files, strangers={},
            everywhere=bool(plan.get("pause") or plan.get("follow") or plan.get("entry")) or plan.get("freeze") is not None or "unpicklable" in plan.get("filters", ()),
            line_numbers=frozenset([each["line"] for each in plan.get("lines", ())]),
        )  # fmt: skip
    if _state["given_up"] == generation:
        return None
    return _held(page, generation) if "hold" in _state["plan"] else _state["plan"]


def _held(page, generation):
    """Wait for the next plan: a debugger that is still starting may want to pause at the current operation. None if no plan arrives."""
    seconds = min(_state["plan"]["hold"] - time.time(), _LONGEST_HOLD)
    end = clocks.monotonic_ns() + int(seconds * 1e9)
    while page[v.CONTROL_AT_ARMED] and page[v.CONTROL_AT_GENERATION : v.CONTROL_AT_GENERATION + 8] == generation:
        if clocks.monotonic_ns() >= end:
            give_up()
            return None
        time.sleep(0.002)
    return _read() if page[v.CONTROL_AT_ARMED] else None


def _is_users(operation):
    """Whether the user's line requested the operation; a task counts through the user's function."""
    return operation.user is not None or operation.kind == "task"


def _stepped(operation, plan):
    pid = os.getpid()
    if pid in plan.get("pause", ()):
        return {"kind": "pause", "id": 0}
    if plan.get("entry") and _is_users(operation):
        return {"kind": "entry", "id": 0}
    if _step["pid"] != pid or _step["kind"] is None or not _is_users(operation):
        return None
    if _step["kind"] == "out":
        same = operation.gid and operation.gid == _step["gid"] or set(operation.keys()).intersection(_step["keys"])
        if not same:
            return None
    return {"kind": "step", "id": 0}


def _followed(operation, plan):
    """A message that the debugger follows to its receiver, matched by its bytes."""
    wanted = plan.get("follow", ())
    if not wanted or operation.phase != "after" or operation.data is None:
        return None
    data = operation.data()
    if data is None:
        return None
    keys = None
    for each in wanted:
        if each["size"] != len(data) or each["hash"] != hash_of(data):
            continue
        keys = set(operation.keys()) if keys is None else keys
        if keys.intersection(each["keys"]):
            return {"kind": "follow", "id": each["id"]}
    return None


def _by_line(operation, plan):
    frame = operation.user
    if frame is None or not _state["files"] or operation.error is not None or operation.kind == "inner":
        return None
    name = frame.f_code.co_filename
    for each in _state["files"].get(os.path.basename(name), ()):
        if each["line"] == frame.f_lineno and _same_file(each["file"], name):
            found = _decided(operation, each, "line")
            if found is not None:
                return found
    return None


def _same_file(wanted, name):
    if wanted == name:
        return True
    try:
        return os.path.samefile(wanted, name)
    except OSError:
        return False


def _by_name(operation, plan):
    if operation.error is not None:
        return None
    for each in plan.get("functions", ()):
        if _fits(operation, each):
            found = _decided(operation, each, "function")
            if found is not None:
                return found
    return None


def _fits(operation, wanted):
    """`tasks`, `tasks.put`, `Process.start`, `Pool.apply_async`; for a task also its function's name."""
    target, call = wanted.get("target"), wanted.get("call")
    if not _is_users(operation):
        return False
    if call is not None and not _is_call(operation.op, call):
        return False
    if target is None or target == operation.kind:
        return True
    if not operation.name:
        operation.name = _published_name(operation)
    if target == operation.name or _is_class(operation.thing, target) or _is_variable(operation, target):
        return True
    keys = wanted.get("keys")
    return bool(keys) and not set(keys).isdisjoint(operation.keys())


def _is_class(thing, name):
    """Whether `thing` is an instance of a class of that name: the library's class, or a user's subclass."""
    return thing is not None and any(each.__name__ == name for each in type(thing).__mro__)


def _is_variable(operation, name):
    """Whether the user's line uses that name for the object: a function's parameter differs from the caller's variable."""
    frame, thing = operation.user, operation.thing
    if frame is None or thing is None or not _mentions(frame.f_code, name):
        return False
    found = frame.f_locals.get(name, frame.f_globals.get(name))
    return found is thing or (type(found) is tuple and any(each is thing for each in found))


def _mentions(code, name):
    return name in code.co_varnames or name in code.co_names or name in code.co_freevars or name in code.co_cellvars


def _published_name(operation):
    """The user's name of a channel that this process unpickled; see control.publish."""
    keys = operation.keys()
    if not keys:
        return ""
    path = os.path.join(runtime.folder, v.FILE_NAMES)
    try:
        size = os.stat(path).st_size
        if size != _state["names_size"]:
            with open(path, "rb") as file:
                lines = file.read().decode("utf-8").splitlines()
            _state["names"] = [line.split(" ", 2) for line in lines if line.count(" ") >= 2]
            _state["names_size"] = size
    except (OSError, ValueError):
        return ""
    direction = "w" if FILTERS.get(operation.op) == "send" else "r"
    for key, mode, name in _state["names"]:
        if key in keys and direction in mode:
            return name
    return ""


def _by_filter(operation, plan):
    filters = plan.get("filters", {})
    if not filters:
        return None
    if operation.error is not None:
        name = "limit" if operation.error in _LIMITS else "broken" if operation.error in _BROKEN else operation.error
    else:
        name = FILTERS.get(operation.op)
    wanted = filters.get(name)
    if wanted is None or not _is_users(operation):
        return None
    return _decided(operation, wanted, "filter")


def _decided(operation, wanted, kind):
    """The reason, if the breakpoint's condition holds; with the expanded log message."""
    reason = {"kind": kind, "id": wanted.get("id", 0)}
    condition = wanted.get("condition")
    if condition:
        try:
            if not evaluate(condition, operation, operation.user):
                return None
        except Exception as error:
            reason["problem"] = "%s: %s" % (type(error).__name__, error)
    log = wanted.get("log")
    if log:
        reason["log"] = interpolate(log, operation)
    return reason
