def put_a(q, item, args): q.put(item, *args)  #SITE put_a
def put_b(q, item, args): q.put(item, *args)  #SITE put_b
def put_c(q, item, args):
    return q.put(item, *args)  #SITE put_c
def get_a(q, args): return q.get(*args)  #SITE get_a
def get_b(q, args): return q.get(*args)  #SITE get_b
def send_a(c, item): c.send(item)  #SITE send_a
def send_b(c, item): c.send(item)  #SITE send_b
def sendb_a(c, item): c.send_bytes(item)  #SITE sendb_a
def recv_a(c): return c.recv()  #SITE recv_a
def recvb_a(c): return c.recv_bytes()  #SITE recvb_a


PUTS = {"put_a": put_a, "put_b": put_b, "put_c": put_c}
GETS = {"get_a": get_a, "get_b": get_b}
SENDS = {"send_a": send_a, "send_b": send_b}


class Unpicklable(object):
    """Cannot be pickled, and records the attempt."""

    def __init__(self):
        self.tried = threading.Event()

    def __reduce__(self):
        self.tried.set()
        raise TypeError("not this one")


class Explosion(Exception):
    """Raised when a Bomb is unpickled."""


def explode(tag):
    raise Explosion(tag)


class Bomb(object):
    """Passes through the pipe, and raises when it is unpickled."""

    def __init__(self, tag):
        self.tag = tag

    def __reduce__(self):
        return explode, (self.tag,)


def tag_of(item):
    if isinstance(item, bytes):
        item = item.decode("latin-1")
    if isinstance(item, (list, tuple)):
        item = item[0]
    if isinstance(item, dict):
        item = item["tag"]
    return item[:item.index(">") + 1]


def shaped(tag, shape, size):
    pad = "x" * size
    if shape == "bomb":
        return Bomb(tag)
    return {"s": tag + pad, "t": (tag, pad), "d": {"tag": tag, "pad": pad}, "l": [tag, 1, 2.5, None, pad]}[shape]


def op_put(C, ctx, ch, n, size, shape, site, args):
    q = C[ch]
    for _ in range(n):
        tag = fresh(ch)
        log(b="put", ch=ch, tag=tag, site=site)
        try:
            PUTS[site](q, shaped(tag, shape, size), args)
        except _queue.Full:
            log(e="put", ch=ch, tag=tag, out="Full")
        else:
            log(e="put", ch=ch, tag=tag, out="ok")


def op_drop(C, ctx, ch, wait):
    """An unpicklable item: the queue's feeder thread drops it, and reports it, unless the process is about to exit. The
    drop has
    happened when the feeder waits for the next item.
    """
    tag = fresh(ch)
    item = Unpicklable()
    log(b="put", ch=ch, tag=tag, site="put_a", drop=1)
    put_a(C[ch], item, ())
    log(e="put", ch=ch, tag=tag, out="ok", drop=1)
    if wait:
        item.tried.wait(20)
        while not C[ch]._notempty._waiters:
            time.sleep(0.001)


def take(q, ch, site, args):
    """One get. @returns whether an item was taken, of whatever kind"""
    log(b="get", ch=ch, site=site)
    try:
        item = GETS[site](q, args)
    except _queue.Empty:
        log(e="get", ch=ch, out="Empty")
        return False
    except Explosion as error:
        log(e="get", ch=ch, out="unpickle", tag=error.args[0], site=site)
    else:
        log(e="get", ch=ch, out="ok", tag=tag_of(item), site=site)
    if hasattr(q, "task_done"):
        q.task_done()
    return True


def op_get(C, ctx, ch, n, site, args):
    for _ in range(n):
        take(C[ch], ch, site, args)


def op_drain(C, ctx, ch):
    while take(C[ch], ch, "get_b", (True, 0.15)):
        pass


def op_sdrain(C, ctx, ch):
    while not C[ch].empty():
        take(C[ch], ch, "get_a", ())


def op_local(C, ctx, name, n, size):
    """A queue created and dropped in this process."""
    q = MAKERS[name](ctx)
    own = {name: q}
    op_put(own, ctx, name, n, size, "t", "put_b", (True, 5))
    op_get(own, ctx, name, n, "get_b", (True, 5))
    q.close()
    q.join_thread()


def op_send(C, ctx, end, n, size, site):
    c = C[end]
    for _ in range(n):
        tag = fresh(end)
        item = tag + "x" * size
        log(b="send", ch=end, tag=tag, site=site)
        try:
            if site == "sendb_a":
                sendb_a(c, item.encode())
            else:
                SENDS[site](c, item)
        except (OSError, ValueError) as error:
            log(e="send", ch=end, tag=tag, out=type(error).__name__)
            return
        log(e="send", ch=end, tag=tag, out="ok", size=size)


def op_recv(C, ctx, end, n, wait, site):
    c = C[end]
    for _ in range(n):
        try:
            ready = c.poll(wait)
        except (OSError, EOFError) as error:
            log(e="poll", ch=end, out=type(error).__name__)
            return
        if not ready:
            continue
        log(b="recv", ch=end, site=site)
        try:
            item = recvb_a(c) if site == "recvb_a" else recv_a(c)
        except (OSError, EOFError) as error:
            log(e="recv", ch=end, out=type(error).__name__)
            return
        log(e="recv", ch=end, out="ok", tag=tag_of(item), site=site)


def flush(C, shared):
    """Returns when everything put into these queues is in their pipes."""
    for ch in shared:
        C[ch].close()
        C[ch].join_thread()
