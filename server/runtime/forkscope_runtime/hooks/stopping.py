"""The hooks' checks for pauses: one function per kind of operation, called only while something is armed.

Each returns the arguments that the operation uses: usually the given ones, unchanged.
"""

from io import BytesIO

from ..compat import PY2, get_ident, plain_text
from ..errors import report
from ..identity import TAG, gid_aside, key_of, names
from ..locate import is_user_frame, name_of_callable, past_runtime, user_frame

_received = {}  # thread ident -> (bytes, number of the event) of the last receive; a queue's get returns such a message


def _consider(**what):
    from ..stops import Operation, consider

    return consider(Operation(**what))


_plan = []  # its `ignores`; loaded with the package `stops` when something is armed


def _ignored(op, kind, gid, thing, frame, keys):
    """Whether nothing in the plan matches the user's operation at that frame. That is the common case, and it allocates nothing."""
    if not _plan:
        from ..stops.plan import ignores

        _plan.append(ignores)
    return _plan[0](op, kind, gid, thing, frame, keys)


def _pickled(value):
    from ..stops import pickled

    return pickled(value)


def _unpickled(data):
    from pickle import loads

    return loads(data)


def _keys(*connections):
    def keys():
        return tuple(key_of(each) for each in connections if each is not None and not each.closed)

    return keys


def at_put(queue, kind, obj, frame):
    """Before a queue's put. Returns (the object to put, how often)."""
    try:
        frame = past_runtime(frame)
        if not is_user_frame(frame):
            return obj, 1
        gid, keys = queue._forkscope_gid, _keys(queue._reader)
        if _ignored("put", kind, gid, queue, frame, keys):
            return obj, 1
        decision = _consider(
            op="put", kind=kind, phase="before", gid=gid, keys=keys, frame=frame, thing=queue,
            message=lambda: obj, data=lambda: _pickled(obj), error=_unpicklable(obj),
        )  # fmt: skip
    except Exception as error:
        report(error, "at_put")
        return obj, 1
    return _changed(decision, obj)


def _unpicklable(obj):
    """'unpicklable' if the plan asks for it and the object is."""
    from ..stops import plan

    if not plan.asks_for("unpicklable"):
        return None
    try:
        _pickled(obj)
        return None
    except Exception:
        return "unpicklable"


def _changed(decision, obj):
    if decision is None:
        return obj, 1
    return (decision.value if decision.replaced else obj), 0 if decision.drop else decision.times


def at_get(queue, kind, obj, frame, again):
    """After a queue's get. Returns the object for the user. `again` gets the next one if this one is dropped."""
    try:
        frame = past_runtime(frame)
        if not is_user_frame(frame):
            return obj
        data, seq = _received.pop(get_ident(), (None, None))
        gid, keys = queue._forkscope_gid, _keys(queue._reader)
        if _ignored("get", kind, gid, queue, frame, keys):
            return obj
        decision = _consider(
            op="get", kind=kind, phase="after", gid=gid, keys=keys, frame=frame, thing=queue,
            message=lambda: obj, data=lambda: data, seq=seq,
        )  # fmt: skip
    except Exception as error:
        report(error, "at_get")
        return obj
    if decision is None:
        return obj
    return again() if decision.drop else decision.value if decision.replaced else obj


def at_error(thing, kind, op, error, frame):
    """An operation of a queue or a connection raises its own exception."""
    try:
        if is_user_frame(user_frame(frame) or frame):
            ends = [getattr(thing, "_reader", None)] if hasattr(thing, "_reader") else [thing]
            name = type(error).__name__
            _consider(
                op=op, kind=kind, phase="after", gid=thing._forkscope_gid, keys=_keys(*ends), frame=frame, error=name, text=str(error),
                thing=thing,
            )  # fmt: skip
    except Exception as problem:
        report(problem, "at_error")


def at_send(connection, data, frame):
    """Before bytes are written. Returns (the bytes, how often). `frame` is the library's send or send_bytes."""
    try:
        caller = frame.f_back
        if caller is None or not is_user_frame(caller):
            return data, 1
        raw = frame.f_code.co_name != "send"
        op, gid, keys = "send_bytes" if raw else "send", connection._forkscope_gid, _keys(connection)
        if _ignored(op, "Pipe", gid, connection, caller, keys):
            return data, 1
        decision = _consider(
            op=op, kind="Pipe", phase="before", gid=gid, keys=keys, frame=frame, thing=connection, message=lambda: bytes(data) if raw else frame.f_locals["obj"], data=lambda: bytes(data), raw=raw,
        )  # fmt: skip
        if decision is not None and decision.replaced:
            decision.value = bytes(decision.value) if raw else _pickled(decision.value)
    except Exception as error:
        report(error, "at_send")
        return data, 1
    return _changed(decision, data)


def at_recv(connection, buffer, seq, frame, again):
    """After bytes are read, before they are unpickled. Returns the buffer for the library. `seq`: of their event."""
    try:
        if PY2:  # this recv is the library's on later Pythons and ours here
            caller, data = past_runtime(frame), buffer
        else:
            frame = past_runtime(frame)
            caller = None if frame.f_back is None else past_runtime(frame.f_back)
            data = buffer.getvalue()
        if caller is None or not is_user_frame(caller):
            _received[get_ident()] = data, seq
            return buffer
        raw = frame.f_code.co_name != "recv"
        op, gid, keys = "recv_bytes" if raw else "recv", connection._forkscope_gid, _keys(connection)
        if _ignored(op, "Pipe", gid, connection, caller, keys):
            return buffer
        decision = _consider(
            op=op, kind="Pipe", phase="after", gid=gid, keys=keys, frame=frame, thing=connection, message=lambda: data if raw else _unpickled(data), data=lambda: data, raw=raw, seq=seq,
        )  # fmt: skip
        if decision is not None and decision.replaced and not decision.drop:
            changed = bytes(decision.value) if raw else _pickled(decision.value)
            if PY2:
                return changed
            fresh = BytesIO()
            fresh.write(changed)
            return fresh
    except Exception as error:
        report(error, "at_recv")
        return buffer
    return again() if decision is not None and decision.drop else buffer


def at_call(op, kind, frame, name="", message=None, error=None, phase="before", gid=0, thing=None, text=""):
    """A call without a message: a start, a fork, a join, a submission to a pool."""
    try:
        if user_frame(frame) is not None:
            _consider(
                op=op, kind=kind, phase=phase, gid=gid, name=name, frame=frame, message=message, error=error, thing=thing, text=text
            )
    except Exception as problem:
        report(problem, "at_call")


def at_start(process, frame):
    """Before Process.start."""
    if is_user_frame(frame):
        at_call("start", "Process", frame, plain_text(process._name), gid=gid_aside(process), thing=process)


def at_failed_start(process, text, frame):
    """Process.start failed because something that its child needs cannot be pickled."""
    if is_user_frame(frame):
        at_call(
            "start", "Process", frame, plain_text(process._name), gid=gid_aside(process), phase="after", error="unpicklable", text=text,
            thing=process,
        )  # fmt: skip


def at_timeout(op, kind, frame, thing, gid=0, name=None):
    """A user's wait times out: with an exception, or with a return value."""
    frame = past_runtime(frame)
    if is_user_frame(frame):
        at_call(op, kind, frame, names.get(gid, "") if name is None else name, phase="after", gid=gid, error="timeout", thing=thing)


def at_fork(frame):
    """Before the user's own os.fork."""
    if is_user_frame(frame):
        at_call("fork", "os", frame)


def at_end(process, timeout, frame):
    """After a join: pause if the process exited with an error, or if the join timed out."""
    if process.exitcode is None and timeout is not None:
        at_timeout("join", "Process", frame, process, gid_aside(process), plain_text(process._name))
    elif process.exitcode and is_user_frame(frame):
        text = "exit code %s" % process.exitcode
        at_call("badEnd", "Process", frame, plain_text(process._name), phase="after", gid=gid_aside(process), thing=process, text=text)


def at_task(op, gid, function, frame, args=None):
    """A pool's worker has taken a task, or is about to return its result."""
    name = name_of_callable(function) if function is not None else ""
    try:
        message = None if args is None else lambda: args
        _consider(op=op, kind="task", phase="before", gid=gid, name=name.rpartition(".")[2], frame=frame, message=message, thing=function)
    except Exception as error:
        report(error, "at_task")


def at_submit(kind, pool, method, args, frame):
    """A task is about to be submitted to a pool. Pauses at the method that the user called: `map`, not the calls inside of it."""
    try:
        while frame is not None and not is_user_frame(frame):
            method, frame = frame.f_code.co_name, frame.f_back
        gid = getattr(pool, TAG, 0)
        given = args[:1] if "map" in method else args  # the iterable of a map may be an iterator
        at_call(method, kind, frame, names.get(gid, ""), lambda: args, gid=gid, thing=pool, error=_unpicklable(given))
    except Exception as error:
        report(error, "at_submit")
