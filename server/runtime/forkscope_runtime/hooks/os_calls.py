"""The functions of `os` that create, replace, end and reap processes."""

import os as program_os
import sys

from .. import accelerator, child_env, forking, held_signals, libraries
from .. import vocabulary as v
from ..compat import get_ident, integers, utf8
from ..folder import why_lost
from ..errors import isolated, report
from ..pristine_os import os
from ..locate import is_user_frame, past_debugger, user_line
from ..state import UNARMED, runtime
from .signatures import fits, leave_alone, renamed

_frame = sys._getframe
_OS = vars(program_os)
_NAMED_BY_CODE = sys.version_info < (3, 10)  # the TypeError of a wrong call shows the code's name; since 3.10 the function's own
_CALL = lambda function: function()  # noqa: E731  its body is in its first line


def install(os):
    """Wrap the functions that exist on this platform."""
    for name in ("fork", "forkpty"):
        replace_builtin(os, name, _forking)
    for name in ("posix_spawn", "posix_spawnp"):
        replace_builtin(os, name, _spawning)
    for name in ("execv", "execve"):
        replace_builtin(os, name, _executing)
    for name in ("waitpid", "wait", "wait3", "wait4"):
        replace_builtin(os, name, _waiting)
    replace_builtin(os, "waitid", _waiting_by_id)
    replace_builtin(os, "_exit", _exiting)
    replace_builtin(os, "kill", _killing)


def replace_builtin(os, name, wrap):
    """Install the wrapper: in `os`, and in the module that the original names as its own, where pickle looks it up."""
    original = getattr(os, name, None)
    if original is None:
        return
    wrapper = wrap(original, name)
    if not fits(wrapper, original):
        leave_alone(original)
        return
    wrapper = like_builtin(wrapper, original, name)
    setattr(os, name, wrapper)
    home = sys.modules.get(original.__module__)
    if getattr(home, name, None) is original:
        setattr(home, name, wrapper)


def like_builtin(wrapper, original, name):
    """The wrapper as an object that behaves like a C function. As a class attribute it takes no self. It is equal to the original, so that sets
    like os.supports_fd still contain it. Its pickle is the original's."""
    base = accelerator.call_base()
    if base is None:
        return equal_to(original, wrapper)
    if not _quick:
        _quick.append(_class_like(original, base))
    return mimic(_quick[0](runtime.writer, name, original, wrapper, forking.execs), original)


def equal_to(original, wrapper):
    """The wrapper as an object that is equal to the function that it wraps."""
    # One class per wrapper: Python looks up `__call__` on the class.
    return mimic(_class_like(original, object, __call__=staticmethod(wrapper))(), original)


_quick = []  # the one class of all wrappers that use the accelerator


def _of_wrapped(self, name):
    """The original's attributes: `__self__` of a C function, `__code__`, `__globals__`, ... of a Python function."""
    if name == "__wrapped__":  # not there yet
        raise AttributeError(name)
    return getattr(self.__wrapped__, name)


def _class_like(original, base, **more):
    own = {
        "__repr__": lambda self: repr(self.__wrapped__),
        "__eq__": lambda self, other: other is self or other is self.__wrapped__,
        "__ne__": lambda self, other: not (other is self or other is self.__wrapped__),
        "__hash__": lambda self: hash(self.__wrapped__),
        "__reduce__": lambda self: self.__wrapped__.__name__,
        "__copy__": lambda self: self,
        "__deepcopy__": lambda self, memo: self,
        "__getattr__": _of_wrapped,
    }
    own.update(more)
    return type(type(original).__name__, (base,), own)


def mimic(wrapper, original):
    """The wrapper with the metadata of the original; the original if the wrapper does not accept all its arguments."""
    if not fits(wrapper, original):
        leave_alone(original)
        return original
    if _NAMED_BY_CODE and hasattr(wrapper, "__code__") and wrapper.__name__ != original.__name__:
        wrapper.__code__ = renamed(wrapper.__code__, original.__name__)
    for name in ("__module__", "__name__", "__qualname__", "__doc__", "__text_signature__"):
        try:
            setattr(wrapper, name, getattr(original, name))
        except (AttributeError, TypeError):
            pass
    wrapper.__wrapped__ = original
    return wrapper


def _forking(original, name):
    in_child = (lambda result: result[0] == 0) if name == "forkpty" else (lambda result: result == 0)
    pid_of = (lambda result: result[0]) if name == "forkpty" else (lambda result: result)

    call_as = _call_as if sys.version_info >= (3, 12) else None

    def fork(*wrong, **named):
        if wrong or named:
            return original(*wrong, **named)
        before_exec = False
        loc = 0
        try:
            before_exec = forking.is_before_exec()
        except Exception as error:
            report(error, name)
        if before_exec:
            result = original()
            if in_child(result):
                runtime.off()
            return result
        try:
            loc = runtime.fork_loc = user_line(_frame(1))
            if runtime.armed[0]:
                from . import stopping  # imported late: most programs never need it

                stopping.at_fork(past_debugger(_frame(1)))
        except Exception as error:
            report(error, name)
        held, before, child = None, (), ()
        try:
            if "pydevd" in sys.modules:  # it registers code that runs in the child before the program's
                held = held_signals.hold()
        except Exception as error:
            report(error, name)
        try:
            try:
                try:
                    before, child = forking.begin()
                    forking.before_fork()
                except Exception as error:
                    report(error, name)
                result = original() if call_as is None else call_as(past_debugger(_frame(1)), original, name)
                try:
                    if in_child(result):
                        forking.after_in_child()
                except Exception as error:
                    report(error, name)
            finally:
                try:
                    forking.done()
                except Exception as error:
                    report(error, name)
            if in_child(result):
                raised = child
            else:
                _note_fork(pid_of(result), name, loc)
                raised = before
        finally:
            try:
                held_signals.release(held)
            except Exception as error:
                report(error, name)
        if raised:
            raise raised[0]
        return result

    return fork


def _call_as(frame, original, name):
    """Call `original()` as if from the line of `frame`: since 3.12 a fork in a process with threads issues a warning for that line."""
    if "pydevd" in sys.modules:  # the debugger has threads, and would pause at that line again
        from .. import fork_warnings

        return fork_warnings.call(frame, original, name)
    call = original
    try:
        if runtime.armed is UNARMED:
            code = frame.f_code
            code = _CALL.__code__.replace(
                co_filename=code.co_filename, co_firstlineno=frame.f_lineno or 0, co_name=code.co_name, co_qualname=code.co_qualname
            )  # fmt: skip
            plain = type(_CALL)(code, frame.f_globals)
            call = lambda: plain(original)  # noqa: E731
    except Exception as error:
        report(error, "call_as")
    return call()


@isolated
def _note_fork(pid, name, loc):
    runtime.record("fork", pid=pid, loc=loc, call=name, thread=get_ident(), **why(why_lost(runtime.folder)))
    runtime.fork_loc = 0


def _text(value):
    if isinstance(value, (bytes, type(u""))):
        return utf8(value)
    if isinstance(value, bytearray):
        return utf8(bytes(value))
    if hasattr(value, "__fspath__"):
        return _text(os.fspath(value))
    return "?"


def texts(argv):
    """An argument vector of any form as a list of str."""
    if isinstance(argv, (bytes, type(u""))) or hasattr(argv, "__fspath__"):
        return [_text(argv)]
    try:
        return [_text(each) for each in list(argv)[:256]]
    except TypeError:
        return []


def why(dark):
    """The record's field for it; no field if it is empty."""
    return {"dark": dark} if dark else {}


def _spawning(original, name):
    def posix_spawn(*arguments, **options):
        dark = ""
        try:
            if len(arguments) > 2:
                arguments, dark = child_env.replaced(arguments, 2, texts(arguments[1]), _text(arguments[0]))
        except Exception as error:
            report(error, "posix_spawn")
        pid = original(*arguments, **options)
        try:
            argv = arguments[1]
            if past_debugger(_frame(1)).f_globals.get("__name__") != "subprocess":  # that function records itself
                runtime.record("spawn", pid=pid, argv=texts(argv), loc=user_line(_frame(1)), call="posix_spawn", **why(dark))
        except Exception as error:
            report(error, "posix_spawn")
        return pid

    return posix_spawn


def _executing(original, name):
    def execute(*arguments, **named):
        if len(arguments) < 2:  # by name, which only some of them allow
            return original(*arguments, **named)
        path, args = arguments[:2]
        loc = 0
        counts = False
        undo = None
        try:
            # execvp tries every folder of PATH: only the one that contains the program counts
            counts = past_debugger(_frame(1)).f_globals is not _OS or os.access(path, os.X_OK)
            if counts:
                loc = user_line(_frame(1))
                argv, program, dark = texts(args), _text(path), ""
                try:
                    if len(arguments) == 2:
                        undo, dark = child_env.lend(argv, program)
                    else:
                        arguments, dark = child_env.replaced(arguments, 2, argv, program)
                finally:
                    runtime.record("exec", argv=argv, loc=loc, **why(dark))
        except Exception as error:
            report(error, "exec")
        try:
            return original(*arguments, **named)
        except BaseException as error:
            if counts:
                _note_failed(loc, undo, error)
            raise

    return execute


def reaped(pid, status):
    """Record how a child ended, from a status of waitpid."""
    if os.WIFSIGNALED(status):
        runtime.record("reap", pid=pid, code=None, signal=os.WTERMSIG(status))
    elif os.WIFEXITED(status):
        runtime.record("reap", pid=pid, code=os.WEXITSTATUS(status), signal=None)


@isolated
def _note_failed(loc, undo, error):
    if undo is not None:
        undo()
    runtime.record("execFailed", loc=loc, error=type(error).__name__)


def _waiting(original, name):
    nohang = getattr(os, "WNOHANG", 0)
    at_options = {"waitpid": 1, "wait4": 1, "wait3": 0}.get(name, -1)

    def wait(*args, **named):
        # Pools poll their workers about once per result: the non-blocking path must stay short.
        cell = None
        options = args[at_options] if 0 <= at_options < len(args) else 0
        if not (type(options) in integers and options & nohang):
            cell = _begin_wait(args[0] if args and at_options == 1 else -1)
        try:
            result = original(*args, **named)
        except BaseException as error:
            note_interrupted(v.KIND_WAITPID, error, 0, 0, 0, -1, cell)
            raise
        finally:
            if cell is not None:
                runtime.leave(cell)
        if result[0]:
            try:
                reaped(result[0], result[1])
            except Exception as error:
                report(error, name)
        return result

    return wait


def ended_by(error):
    """The outcome of a blocking call that this exception has interrupted."""
    return v.OUTCOME_INTERRUPTED if isinstance(error, KeyboardInterrupt) else v.OUTCOME_FAILED


@isolated
def note_interrupted(kind, error, begun, gid, loc, waits, cell):
    """Record that an exception ended a wait that has a cell but, on success, no event."""
    if cell is not None:
        now = runtime.clock()
        runtime.emit(kind, ended_by(error), 0, begun or now, now, gid, loc, waits)


@isolated
def _begin_wait(pid):
    caller = _frame(3)  # past this, isolated's and the wrapper's frame
    if is_user_frame(caller) or os.path.basename(caller.f_code.co_filename) == "subprocess.py":
        return runtime.enter(v.KIND_WAITPID, 0, user_line(caller), -1, pid if isinstance(pid, integers) and abs(pid) < 1 << 62 else 0)
    return None


def _waiting_by_id(original, name):
    def waitid(*arguments, **named):
        result = original(*arguments, **named)
        try:
            if result is not None and not arguments[2] & os.WNOWAIT:
                if result.si_code == os.CLD_EXITED:
                    runtime.record("reap", pid=result.si_pid, code=result.si_status, signal=None)
                elif result.si_code in (os.CLD_KILLED, os.CLD_DUMPED):
                    runtime.record("reap", pid=result.si_pid, code=None, signal=result.si_status)
        except Exception as error:
            report(error, "waitid")
        return result

    return waitid


def _exiting(original, name):
    def _exit(*arguments, **named):
        try:
            status = arguments[0] if arguments else named.get("status")
            if len(arguments) + len(named) == 1 and isinstance(status, integers):  # else it raises
                runtime.record("exit", code=status & 0xFF, how="_exit")
                runtime.end()
        except Exception as error:
            report(error, "_exit")
        original(*arguments, **named)

    return _exit


def _killing(original, name):
    def kill(*arguments, **named):
        # Before the call: the target may be this process. Process.terminate and kill record themselves.
        try:
            pid, signal = arguments if len(arguments) == 2 else (0, 0)
            if isinstance(pid, integers) and isinstance(signal, integers) and signal and _frame(1).f_globals.get("__name__") not in libraries.known.terminating:
                runtime.record("signal", pid=pid, signal=int(signal), loc=user_line(_frame(1)), call="os.kill")
        except Exception as error:
            report(error, "kill")
        return original(*arguments, **named)

    return kill
