def end_now(end, C, shared):
    """Ends this process as planned."""
    kind, value = end
    log(ending=kind)
    if kind in ("_exit", "kill", "thread_exit", "abort", "exec"):
        flush(C, shared)
        sys.stderr.flush()
        # A pool with a failed task is in a reference cycle with the exception: otherwise the collector would decide
        # when its semaphores are unlinked.
        gc.collect()
    if kind == "exit":
        sys.exit(value)
    if kind == "raise":
        raise RuntimeError("as planned by %s" % value)
    if kind == "_exit":
        os._exit(value)
    if kind == "kill":
        os.kill(os.getpid(), value)
        time.sleep(10)
    if kind == "abort":
        os.abort()
    if kind == "exec":
        os.execv(sys.executable, [sys.executable, "-c", "import sys; sys.exit(%d)" % value])
    if kind == "thread_exit":
        threading.Thread(target=os._exit, args=(value,)).start()
        time.sleep(10)


def work(C, method, ops, ppid, name, end, shared):
    """The target of every child."""
    _counter[0] = 0
    log(proc=1, ppid=ppid, how="process", method=method, name=name)
    ctx = mp.get_context(method)
    do(C, ctx, ops)
    op_joinall(C, ctx)
    end_now(end, C, shared)


def passed(C):
    """The shared objects of the parent that a child receives."""
    return dict((k, v) for k, v in C.items() if k[0] != "+")


def op_child(C, ctx, name, ops, end, daemon, after, delay, shared):
    method = ctx.get_start_method()
    mine = passed(C)
    mine["pids"] = dict((p.name, p.pid) for p, _, _ in C.get("+children", ()))
    p = ctx.Process(target=work, args=(mine, method, ops, os.getpid(), name, end, shared), name=name, daemon=daemon)
    p.start()
    log(started=p.pid, name=name, method=method)
    C.setdefault("+children", []).append((p, after, delay))


def joined(p):
    """Joins a child; one that does not exit is killed, and recorded."""
    p.join(30)
    if p.exitcode is None:
        log(stuck=p.pid, name=p.name)
        p.kill()
        p.join()
    log(exit=p.pid, code=p.exitcode, joined=1)


def pause(p, delay):
    """Stops a child for a while, unless it has ended."""
    time.sleep(delay)
    if p.exitcode is None:
        try:
            os.kill(p.pid, signal.SIGSTOP)
            time.sleep(delay)
            os.kill(p.pid, signal.SIGCONT)
        except OSError:
            pass


def op_joinall(C, ctx):
    for p, after, delay in C.pop("+children", []):
        if after in ("kill", "terminate"):
            time.sleep(delay)
            getattr(p, after)()
            log(shot=p.pid, how=after)
        elif after == "stop":
            pause(p, delay)
        joined(p)


def op_shoot(C, ctx, who, sig):
    """Kills a sibling."""
    pid = C.get("pids", {}).get(who)
    if pid is not None:
        log(shot=pid, how="sibling")
        try:
            os.kill(pid, sig)
        except OSError:
            pass


def reap(pid):
    _, status = os.waitpid(pid, 0)
    log(exit=pid, code=-os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


def forked(C, ctx, ops, ppid, **fields):
    """The life of a process created by os.fork, except its end."""
    _counter[0] = 0
    log(proc=1, ppid=ppid, how="fork", **fields)
    try:
        do(passed(C), ctx, ops)
    except BaseException as error:
        log(error=repr(error))
        os._exit(99)


def op_fork(C, ctx, ops, code):
    me = os.getpid()
    pid = os.fork()
    if pid == 0:
        forked(C, ctx, ops, me)
        if code < 0:
            os.kill(os.getpid(), -code)
            time.sleep(10)
        os._exit(code)
    reap(pid)


def op_daemon(C, ctx, ops):
    """A double fork. The pipe signals when the daemon is done."""
    out, into = os.pipe()
    me = os.getpid()
    pid = os.fork()
    if pid == 0:
        _counter[0] = 0
        log(proc=1, ppid=me, how="fork")
        me = os.getpid()
        if os.fork() == 0:
            forked(C, ctx, ops, me, orphan=1)
            os._exit(0)
        os._exit(7)
    os.close(into)
    reap(pid)
    os.read(out, 1)
    os.close(out)


def op_brief(C, ctx, n, how):
    """Many that live for microseconds."""
    me = os.getpid()
    if how == "process":
        children = []
        for i in range(n):
            p = ctx.Process(target=os._exit, args=(i % 3,))
            p.start()
            log(proc=1, of=p.pid, ppid=me, how="process", method=ctx.get_start_method(), name=p.name)
            children.append(p)
        for p in children:
            joined(p)
        return
    pids = []
    for i in range(n):
        pid = os.fork()
        if pid == 0:
            os._exit(i % 5)
        log(proc=1, of=pid, ppid=me, how="fork")
        pids.append(pid)
    for pid in pids:
        reap(pid)


def op_barrier(C, ctx, name, n):
    barrier = ctx.Barrier(n)
    children = []
    for i in range(n):
        p = ctx.Process(target=party, args=(barrier, os.getpid(), ctx.get_start_method(), "%s-%d" % (name, i)), name="%s-%d" % (name, i))
        p.start()
        log(started=p.pid, name=p.name, method=ctx.get_start_method())
        children.append(p)
    for p in children:
        joined(p)


def party(barrier, ppid, method, name):
    log(proc=1, ppid=ppid, how="process", method=method, name=name)
    barrier.wait(30)
