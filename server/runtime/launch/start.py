"""Starts the program, as its parent, with the bytes, descriptors and signals that the shell gave to Forkscope, and reports how it ends.

Run by the program's own interpreter: `python -E -s -S -B start.py CONTROL,IN,OUT,ERR`, numbers of descriptors. CONTROL is a socket to
server/engine/launch/starter.ts, which declares what is written on it. It is a process of its own because Node changes what it hands down: it decodes arguments
and environment, resets the dispositions and the mask of signals, raises the limit of open files, and does not tell that a child stopped.

It is in the program's process group, and outlives every signal that can be handled: so it also knows which signals reached the whole group.
Only modules that are in every interpreter are imported: the time until the program starts is the user's.
"""

import sys

sys.path.pop(0)  # this folder

import errno
import posix
import select

try:
    import _signal as signal  # without the enumerations of `signal`, which take as long as all the rest
except ImportError:
    import signal

NEVER = (signal.SIGKILL, signal.SIGSTOP, 32, 33)  # the last two are the C library's own
ALL = [number for number in range(1, getattr(signal, "NSIG", 65)) if number not in NEVER]
OWN_PID = (b"LISTEN_PID", b"WATCHDOG_PID", b"SYSTEMD_EXEC_PID")  # systemd names the process that it started
OWN_PIDFD = (b"LISTEN_PIDFDID", b"WATCHDOG_PIDFDID")


def closed_by_exec(fd):
    if hasattr(posix, "set_inheritable"):
        posix.set_inheritable(fd, False)
    else:
        import fcntl

        fcntl.fcntl(fd, fcntl.F_SETFD, fcntl.FD_CLOEXEC)


def closed_pipe():
    ends = posix.pipe()
    for fd in ends:
        closed_by_exec(fd)
    return ends


def text(number):
    return str(number).encode("ascii")


def again(call, *args):
    """Before 3.5 a signal ends a system call."""
    while True:
        try:
            return call(*args)
        except (OSError, select.error) as error:
            if error.args[0] != errno.EINTR:
                raise


class Request(object):
    """What to start: records of a letter and bytes, each ended by a zero byte, and an empty record at the end."""

    def __init__(self, data):
        self.arguments = []
        self.environment = {}
        one = {}
        for record in data.split(b"\0"):
            letter, value = record[:1], record[1:]
            if letter == b"a":
                self.arguments.append(value)
            elif letter == b"e":
                name, equals, setting = value.partition(b"=")
                if name and equals:
                    self.environment.setdefault(name, setting)
            else:
                one[letter] = value
        self.folder = one.get(b"f")
        self.cwd = one.get(b"d")
        self.watcher = int(one.get(b"n", b"0"))
        self.ignored = int(one.get(b"i", b"0"), 16)
        self.blocked = int(one.get(b"b", b"0"), 16)
        self.open_files = one.get(b"l")
        self.closed = [int(each) for each in one.get(b"c", b"").split(b",") if each]
        self.hide_core = b"k" in one

    def paths(self):
        """Where the program's file may be, as execvp looks for it."""
        file = self.arguments[0]
        if b"/" in file:
            return [file]
        folders = self.environment.get(b"PATH", b"/bin:/usr/bin").split(b":")
        return [folder + b"/" + file if folder else file for folder in folders]


def become(request, stdio):
    """The child's part: never returns. @raise OSError: why the program cannot be executed"""
    own = text(posix.getpid())
    for name in OWN_PID:
        if request.environment.get(name) == text(request.watcher):
            request.environment[name] = own
            for also in OWN_PIDFD:
                if also == name + b"FDID":
                    rename_pidfd(request.environment, also)
    if request.cwd is not None:
        posix.chdir(request.cwd)
    for number, fd in enumerate(stdio):
        if number in request.closed:
            try:
                posix.close(number)
            except OSError:
                pass
        else:
            posix.dup2(fd, number)
    if request.open_files is not None:
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        soft = resource.RLIM_INFINITY if request.open_files == b"unlimited" else int(request.open_files)
        if most == resource.RLIM_INFINITY or 0 <= soft <= most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, most))
    for number in ALL:
        try:
            signal.signal(number, signal.SIG_IGN if request.ignored >> (number - 1) & 1 else signal.SIG_DFL)
        except (OSError, ValueError, RuntimeError):
            pass  # one of the C library's own
    if hasattr(signal, "pthread_sigmask"):
        # Signals that came since the fork are delivered here, to the program as it is before its first instruction.
        signal.pthread_sigmask(signal.SIG_SETMASK, [number for number in ALL if request.blocked >> (number - 1) & 1])
    failure = None
    for path in request.paths():
        try:
            posix.execve(path, request.arguments, request.environment)
        except OSError as error:
            if failure is None or error.errno not in (errno.ENOENT, errno.ENOTDIR):
                failure = error
    raise failure or OSError(errno.ENOENT, posix.strerror(errno.ENOENT))


def rename_pidfd(environment, name):
    if name in environment:
        try:
            environment[name] = text(posix.fstat(posix.pidfd_open(posix.getpid())).st_ino)
        except (AttributeError, OSError):
            del environment[name]


class Starter(object):
    def __init__(self, control, stdio):
        self.control = control
        self.stdio = stdio
        self.heard = []
        self.pid = 0
        self.status = None
        self.request = None

    def say(self, *words):
        data = b" ".join([text(each) if isinstance(each, int) else each for each in words]) + b"\n"
        while data:
            data = data[again(posix.write, self.control, data) :]

    def listen(self):
        """From here on no signal that can be handled ends this process."""
        self.wake, waker = closed_pipe()
        if hasattr(posix, "set_blocking"):
            posix.set_blocking(waker, False)
            posix.set_blocking(self.wake, False)
        else:
            import fcntl

            for fd in (self.wake, waker):
                fcntl.fcntl(fd, fcntl.F_SETFL, posix.O_NONBLOCK)
        signal.set_wakeup_fd(waker)
        for number in ALL:
            try:
                signal.signal(number, lambda number, frame: self.heard.append(number))
            except (OSError, ValueError, RuntimeError):
                pass

    def start(self):
        """@return why the program could not be executed, or None"""
        result, failure = closed_pipe()
        blocking = hasattr(signal, "pthread_sigmask")
        if blocking:
            signal.pthread_sigmask(signal.SIG_BLOCK, ALL)
        self.pid = posix.fork()
        if self.pid == 0:
            number = 0
            try:
                become(self.request, self.stdio)
            except OSError as error:
                number = error.errno or 0
            except BaseException:
                pass
            posix.write(failure, text(number))
            posix._exit(127)
        posix.close(failure)
        if blocking:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ALL)
        reason = again(posix.read, result, 20)
        posix.close(result)
        if not reason:
            return None
        again(posix.waitpid, self.pid, 0)
        message = posix.strerror(int(reason)) if int(reason) else "the start helper failed"
        return message.encode("utf-8") if isinstance(message, type(u"")) else message

    def let_go(self):
        """Close all of the program's descriptors: a reader of its output then sees its end when the program closes it."""
        keep = (0, 1, 2, self.control, self.wake)
        try:
            open_now = [int(each) for each in posix.listdir("/proc/self/fd")]
        except OSError:
            open_now = list(range(3, 256))
        waker = signal.set_wakeup_fd(-1)
        signal.set_wakeup_fd(waker)
        for fd in open_now:
            if fd not in keep and fd != waker:
                try:
                    posix.close(fd)
                except OSError:
                    pass

    def hide_core(self):
        """Forkscope ends itself by the program's signal: one core file is enough."""
        try:
            import resource

            _, most = resource.getrlimit(resource.RLIMIT_CORE)
            resource.prlimit(self.request.watcher, resource.RLIMIT_CORE, (0, most))
        except (ImportError, AttributeError, OSError, ValueError):
            pass

    def look(self, connected):
        """Reports what became of the program."""
        while self.status is None:
            try:
                pid, status = again(posix.waitpid, self.pid, posix.WNOHANG | posix.WUNTRACED | posix.WCONTINUED)
            except OSError:
                pid, status = self.pid, 0
            if pid == 0:
                return
            if posix.WIFSTOPPED(status):
                self.tell_watcher(connected, signal.SIGSTOP)  # so the shell sees its job stop
            elif posix.WIFCONTINUED(status):
                if connected:
                    self.say(b"signal", signal.SIGCONT)  # the program has got one: it is not to be passed on
                self.tell_watcher(connected, signal.SIGCONT)
            else:
                self.status = status
                if connected:
                    self.say(b"ended", status & 0x7F, status >> 8 & 0xFF)

    def tell_watcher(self, connected, number):
        if connected and posix.getppid() == self.request.watcher:
            posix.kill(self.request.watcher, number)

    def report_signals(self, connected):
        heard, self.heard = self.heard, []
        for number in heard:
            if number != signal.SIGCHLD and connected:
                self.say(b"signal", number)

    def obey(self, line):
        word, _, rest = line.partition(b" ")
        if word == b"kill" and self.status is None:
            try:
                posix.kill(self.pid, int(rest))
            except OSError:
                pass
        elif word == b"ask":
            self.say(b"answer", rest)

    def run(self):
        self.listen()
        version = ".".join([str(each) for each in sys.version_info[:3]])
        implementation = getattr(getattr(sys, "implementation", None), "name", "cpython")
        executable = sys.executable or ""
        if not isinstance(executable, bytes):
            executable = executable.encode(sys.getfilesystemencoding(), "surrogateescape")
        self.say(b"python", version.encode("ascii"), implementation.encode("ascii"), executable)
        data = b""
        while not data.endswith(b"\0\0"):
            part = again(posix.read, self.control, 65536)
            if not part:
                return
            data += part
        self.request = Request(data)
        reason = self.start()
        if reason is not None:
            self.say(b"failed", reason)
            return
        self.say(b"started", self.pid)
        self.let_go()
        if self.request.hide_core:
            self.hide_core()
        self.watch()

    def watch(self):
        connected = True
        bye = False
        pending = b""
        while self.status is None or (connected and not bye):
            ready, _, _ = again(select.select, [self.wake] + ([self.control] if connected else []), [], [])
            if self.wake in ready:
                try:
                    posix.read(self.wake, 4096)
                except OSError:
                    pass
            try:
                self.report_signals(connected)
                self.look(connected)
                if self.control in ready:
                    part = again(posix.read, self.control, 4096)
                    connected = bool(part)
                    lines = (pending + part).split(b"\n")
                    pending = lines.pop()
                    for line in lines:
                        bye = bye or line == b"bye"
                        self.obey(line)
            except OSError:
                connected = False  # Forkscope was killed: the program goes on
        if not bye:
            self.write_end()

    def write_end(self):
        """What Forkscope would have noted, had it lived (server/engine/session/folder.ts): for who recovers the session."""
        import time

        number = self.status & 0x7F
        names = [name for name in dir(signal) if name.startswith("SIG") and "_" not in name and getattr(signal, name) == number]
        name = '"%s"' % (names[0] if names else "signal %d" % number)
        values = (self.pid, "null" if number else self.status >> 8 & 0xFF, name if number else "null", int(time.time() * 1000))
        end = '{"pid":%d,"exitCode":%s,"signal":%s,"endedAt":%d}' % values
        path = self.request.folder + b"/session-end.json"
        fd = posix.open(path + b".new", posix.O_WRONLY | posix.O_CREAT | posix.O_EXCL, 0o600)
        posix.write(fd, end.encode("ascii"))
        posix.close(fd)
        posix.rename(path + b".new", path)


def main():
    fds = [int(each) for each in sys.argv[1].split(",")]
    for fd in fds:
        try:
            closed_by_exec(fd)
        except OSError:
            pass  # one that the program is not to have
    Starter(fds[0], fds[1:]).run()


if __name__ == "__main__":
    try:
        main()
    except Exception:
        sys.exit(1)
