from multiprocessing.connection import Client, Listener


def csend(c, item): c.send(item)  #SITE csend
def crecv(c): return c.recv()  #SITE crecv
def ssend(c, item): c.send(item)  #SITE ssend
def srecv(c): return c.recv()  #SITE srecv


def client(address, authkey, n, size, ppid, method, name):
    """Communicates with the server: each message is answered."""
    _counter[0] = 0
    log(proc=1, ppid=ppid, how="process", method=method, name=name)
    c = Client(address, authkey=authkey)
    for _ in range(n):
        tag = fresh(name)
        log(b="send", ch=name, tag=tag, site="csend")
        csend(c, tag + "x" * size)
        log(e="send", ch=name, tag=tag, out="ok")
        log(b="recv", ch=name, site="crecv")
        answer = crecv(c)
        log(e="recv", ch=name, out="ok", tag=tag_of(answer), site="crecv")
    c.close()


def op_listener(C, ctx, name, family, auth, clients, n, size):
    """A Listener and several clients of it, at once."""
    method = ctx.get_start_method()
    authkey = b"a secret" if auth else None
    folder = tempfile.mkdtemp(prefix="ln")
    address = os.path.join(folder, "s") if family == "AF_UNIX" else ("127.0.0.1", 0)
    listener = Listener(address, family, clients + 1, authkey=authkey)
    children = []
    for i in range(clients):
        who = "%s-%d" % (name, i)
        p = ctx.Process(target=client, args=(listener.address, authkey, n, size, os.getpid(), method, who), name=who)
        p.start()
        log(started=p.pid, name=who, method=method)
        children.append(p)
    talks = [listener.accept() for _ in children]
    for _ in range(n):
        for c in talks:
            log(b="recv", ch=name, site="srecv")
            item = srecv(c)
            log(e="recv", ch=name, out="ok", tag=tag_of(item), site="srecv")
            tag = fresh(name)
            log(b="send", ch=name, tag=tag, site="ssend")
            ssend(c, tag + "y" * size)
            log(e="send", ch=name, tag=tag, out="ok")
    for p in children:
        joined(p)
    for c in talks:
        c.close()
    listener.close()
    os.rmdir(folder)
    log(service=name, connections=clients, auth=auth)


def customer(d, l, q, k, n, index, ppid, method, name):
    log(proc=1, ppid=ppid, how="process", method=method, name=name)
    for i in range(n):
        d["%d-%d" % (index, i)] = i
        l.append(i)
        q.put((index, i))
        with k:
            d["sum"] = d.get("sum", 0) + 1


def op_manager(C, ctx, name, workers, n):
    """A manager whose objects several processes use."""
    method = ctx.get_start_method()
    manager = ctx.Manager()
    d, l, q, k = manager.dict(), manager.list(), manager.Queue(), manager.Lock()
    children = []
    for i in range(workers):
        who = "%s-%d" % (name, i)
        p = ctx.Process(target=customer, args=(d, l, q, k, n, i, os.getpid(), method, who), name=who)
        p.start()
        log(started=p.pid, name=who, method=method)
        children.append(p)
    for p in children:
        joined(p)
    got = [q.get(True, 5) for _ in range(workers * n)]
    assert len(got) == len(l) == d["sum"] == workers * n
    manager.shutdown()
    log(manager=name, clients=workers)
