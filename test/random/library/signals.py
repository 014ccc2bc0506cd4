def op_timer(C, ctx, how, every, n):
    """A timer whose handler counts; interrupted operations continue."""
    seen = []
    before = signal.signal(signal.SIGALRM, lambda *_: seen.append(1))
    end = time.monotonic() + 20
    try:
        if how == "alarm":
            signal.alarm(1)
            n = 1
        else:
            signal.setitimer(signal.ITIMER_REAL, every, every)
        while len(seen) < n and time.monotonic() < end:
            time.sleep(0.5)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert len(seen) >= n


def op_usr1(C, ctx, n):
    """Signals to itself, whose handler counts."""
    seen = []
    before = signal.signal(signal.SIGUSR1, lambda *_: seen.append(1))
    for _ in range(n):
        os.kill(os.getpid(), signal.SIGUSR1)
        time.sleep(0)
    signal.signal(signal.SIGUSR1, before)
    assert seen


def op_sigchld(C, ctx, n):
    """A handler of SIGCHLD runs in the middle of its process's operations."""
    seen = []
    before = signal.signal(signal.SIGCHLD, lambda *_: seen.append(len(seen)))
    try:
        op_brief(C, ctx, n, "fork")
    finally:
        signal.signal(signal.SIGCHLD, before)


def waiter(q, c, ready, ppid, method, name, how, lock):
    """Waits until a signal's handler ends it."""
    def leave(*_):
        raise SystemExit(7)
    signal.signal(signal.SIGTERM, leave)
    log(proc=1, ppid=ppid, how="process", method=method, name=name)
    ready.send("ready")
    if how == "get":
        q.get(True, 60)
    elif how == "recv":
        c.recv()
    elif how == "acquire":
        lock.acquire(True, 60)
    elif how == "thread":
        threading.Event().wait(60)
    else:
        time.sleep(60)


def op_graceful(C, ctx, name, how):
    """A child that waits, and whose SIGTERM handler ends it gracefully."""
    q = MAKERS[name](ctx)
    lock = ctx.Lock()
    near, far = ctx.Pipe(False)
    reading, writing = ctx.Pipe(False)
    method = ctx.get_start_method()
    if how == "acquire":
        lock.acquire()
    p = ctx.Process(target=waiter, args=(q, reading, far, os.getpid(), method, name, how, lock), name=name)
    p.start()
    log(started=p.pid, name=name, method=method)
    near.recv()
    time.sleep(0.03)
    p.terminate()
    joined(p)
    assert p.exitcode == 7, p.exitcode
