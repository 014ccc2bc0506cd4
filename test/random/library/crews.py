def jget(q): return q.get()  #SITE jget
def jput(q, item): q.put(item)  #SITE jput
def rget(q): return q.get()  #SITE rget
def rput(q, item): q.put(item)  #SITE rput
def esend(c, item): c.send(item)  #SITE esend
def esendb(c, item): c.send_bytes(item)  #SITE esendb
def erecv(c): return c.recv()  #SITE erecv
def erecvb(c): return c.recv_bytes()  #SITE erecvb


def hand(put, q, ch, site, size):
    """Puts one tagged item."""
    tag = fresh(ch)
    log(b="put", ch=ch, tag=tag, site=site)
    put(q, (tag, "z" * size))
    log(e="put", ch=ch, tag=tag, out="ok")


def taken(get, q, ch, site):
    """Waits for one tagged item, or for the end of the work. @returns its tag, or None"""
    log(b="get", ch=ch, site=site)
    item = get(q)
    if item is None:
        log(e="get", ch=ch, out="ok", end=1)
        return None
    log(e="get", ch=ch, out="ok", tag=tag_of(item), site=site)
    return tag_of(item)


def crewman(jobs, results, name, ppid, method, who, size):
    """Works until it receives the sentinel."""
    _counter[0] = 0
    log(proc=1, ppid=ppid, how="process", method=method, name=who)
    while True:
        tag = taken(jget, jobs, name + "j", "jget")
        if tag is not None:
            hand(rput, results, name + "r", "rput", size)
        if hasattr(jobs, "task_done"):
            jobs.task_done()
        if tag is None:
            return


def op_crew(C, ctx, name, workers, n, size, kind):
    """The pattern of every tutorial: jobs, workers, results, a sentinel for each; no wait has a timeout."""
    jobs, results = MAKERS[name](ctx)
    method = ctx.get_start_method()
    children = []
    for i in range(workers):
        who = "%s-%d" % (name, i)
        p = ctx.Process(target=crewman, args=(jobs, results, name, os.getpid(), method, who, size), name=who)
        p.start()
        log(started=p.pid, name=who, method=method)
        children.append(p)
    for _ in range(n):
        hand(jput, jobs, name + "j", "jput", size)
    for _ in range(n):
        taken(rget, results, name + "r", "rget")
    for _ in children:
        log(b="put", ch=name + "j", tag="none", site="jput", end=1)
        jput(jobs, None)
        log(e="put", ch=name + "j", tag="none", out="ok", end=1)
    if kind == "JoinableQueue":
        jobs.join()
    for p in children:
        joined(p)
    # A feeder that is still exiting holds semaphores, which leak if this process is killed next.
    if kind != "SimpleQueue":
        jobs.close()
        jobs.join_thread()


def say_back(c, other, n, binary, name, ppid, method):
    """Sends every message back."""
    _counter[0] = 0
    log(proc=1, ppid=ppid, how="process", method=method, name=name)
    other.close()
    for _ in range(n):
        said(c, name + "b", binary, heard(c, name + "b", binary))
    c.close()


def said(c, end, binary, size):
    tag = fresh(end)
    log(b="send", ch=end, tag=tag, site="esendb" if binary else "esend")
    if binary:
        esendb(c, tag.encode() + b"e" * size)
    else:
        esend(c, tag + "e" * size)
    log(e="send", ch=end, tag=tag, out="ok")


def heard(c, end, binary):
    log(b="recv", ch=end, site="erecvb" if binary else "erecv")
    item = erecvb(c) if binary else erecv(c)
    log(e="recv", ch=end, out="ok", tag=tag_of(item), site="erecvb" if binary else "erecv")
    return len(item)


def op_echo(C, ctx, name, n, size, binary):
    """Communication over a pipe, with messages larger than the pipe's buffer; the other side closes at the end."""
    a, b = MAKERS[name](ctx)
    method = ctx.get_start_method()
    p = ctx.Process(target=say_back, args=(b, a, n, binary, name, os.getpid(), method), name=name)
    p.start()
    log(started=p.pid, name=name, method=method)
    b.close()
    for _ in range(n):
        said(a, name + "a", binary, size)
        heard(a, name + "a", binary)
    log(b="recv", ch=name + "a", site="erecv")
    try:
        erecv(a)
    except EOFError:
        log(e="recv", ch=name + "a", out="EOFError")
    except OSError as error:
        log(e="recv", ch=name + "a", out=type(error).__name__)
    a.close()
    joined(p)
