"""Building blocks for libraries whose pools have their own protocol for tasks and results."""

import sys

from .. import vocabulary as v
from ..errors import isolated
from ..identity import gid_of, names, new_gid, set_id
from ..locate import owner, user_line
from ..state import runtime
from .os_calls import mimic
from .tasks import chunk_name, library_of, pool_name, short_name


_frame = sys._getframe


def creating(original, then):
    """Wrap a pool's `__init__`: `then(pool, frame)` follows it, with the frame that creates the pool."""

    def __init__(self, *args, **named):
        original(self, *args, **named)
        then(self, _frame(1))

    return mimic(__init__, original)


@isolated
def declare(pool, kind, size, frame, **more):
    """Record a pool that `frame` creates, and assign it an id.

    :param kind: as in the vocabulary's record `pool`
    :param more: further fields of that record
    """
    gid = new_gid()
    set_id(pool, gid)
    name = pool_name(frame)
    if name:
        names[gid] = name
    runtime.record(
        "pool", id=gid, kind=kind, size=size, name=name, loc=user_line(frame), owner=owner(frame), **dict(more, **library_of(pool))
    )  # fmt: skip


@isolated
def note_queues(gid, inqueue, outqueue):
    """Record that the pool owns these ids of queues, or of receiving ends of pipes."""
    if gid:
        runtime.record("poolQueues", id=gid, inqueue=inqueue, outqueue=outqueue)


@isolated
def note_submit(gid, job, function, begun, frame, items=0):
    """Record the submission of a task.

    :param gid: id of the pool, or of its queue of tasks
    :param job: the task's number in its pool
    :param begun: when the call began, monotonic ns
    :param items: number of calls in the batch; 0: a single call
    """
    name = short_name(function)
    if items:
        name = chunk_name(name, items, items)
    runtime.emit(v.KIND_TASK_SUBMIT, 0, 0, begun, runtime.clock(), gid, user_line(frame), job, 0, name)


@isolated
def note_result(gid, job, outcome):
    """Record that the pool's process has received a task's result or exception."""
    now = runtime.clock()
    runtime.emit(v.KIND_TASK_RESULT, outcome, 0, now, now, gid, 0, job, 0)


@isolated
def note_state(pool, state, frame):
    """Record that the pool is 'closed', 'terminated' or 'joined'."""
    gid = gid_of(pool)
    if gid:
        runtime.record("poolState", id=gid, state=state, loc=user_line(frame))
