def task(args):
    i, fail, s, value = args
    if s:
        time.sleep(s)
    if fail == 2:
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(10)
    if fail == 3:
        os._exit(3)
    if fail == 5:
        return lambda: "cannot be pickled"
    if fail:
        raise ValueError("task %d" % i)
    return value


def refuse():
    raise ValueError("no worker today")


def ignore(_):
    pass


def broken_type():
    from concurrent.futures.process import BrokenProcessPool
    return BrokenProcessPool


class Tally(object):
    """The submitted tasks of a pool, and their outcomes."""

    unpicklable = 0

    def __init__(self):
        self.submitted = self.failed = self.items = self.cancelled = self.broken = 0

    def ended(self, wait):
        try:
            wait()
        except Exception:
            pass

    def each(self, pool, how, items):
        """One task for each item."""
        waits = []
        for item in items:
            # On 3.8 an executor whose last task cannot be pickled may never shut down.
            if item[1] == 4 and (how != "submit" or sys.version_info >= (3, 9)):
                item = (item[0], 4, item[2], Unpicklable())
                self.items -= 1  # no worker ends it
            self.submitted += 1
            self.failed += bool(item[1])
            self.unpicklable += item[1] in (4, 5)
            self.items += 1
            if how == "submit":
                waits.append(pool.submit(task, item).result)
            elif how == "apply_async":
                waits.append(pool.apply_async(task, (item,), callback=ignore, error_callback=ignore).get)
            else:
                self.ended(lambda: pool.apply(task, (item,)))
        for wait in waits:
            self.ended(wait)

    def cancels(self, pool, items):
        """Cancels tasks that have not begun, the last ones first."""
        futures = [pool.submit(task, (item[0], 0, 0.01, item[3])) for item in items]
        self.submitted += len(futures)
        self.items += len(futures)
        for future in reversed(futures):
            # On 3.8 an executor with cancelled futures may never shut down.
            if sys.version_info >= (3, 9) and future.cancel():
                self.cancelled += 1
                self.items -= 1
        for future in futures:
            if not future.cancelled():
                future.result()

    def breaks(self, pool, items):
        """Continues until the pool reports that it is broken."""
        Broken = broken_type()
        for item in items:
            try:
                future = pool.submit(task, item)
            except Broken:
                self.broken += 1
                continue
            self.submitted += 1
            try:
                future.result(60)
            except Broken:
                self.broken += 1

    def chunks(self, pool, how, items, chunk, executor):
        """A call with several items per task."""
        if chunk is None and not executor and how.startswith(("map", "starmap")):
            size, extra = divmod(len(items), pool._processes * 4)
            size += bool(extra)
        else:
            size = chunk or 1
        parts = [items[i:i + size] for i in range(0, len(items), size)]
        self.submitted += len(parts)
        self.failed += sum(any(x[1] for x in each) for each in parts)
        self.items += len(items)
        if how == "map" and executor:
            self.ended(lambda: list(pool.map(task, items, chunksize=size)))
        elif how == "map":
            self.ended(lambda: pool.map(task, items, chunk))
        elif how == "map_async":
            self.ended(pool.map_async(task, items, chunk).get)
        elif how == "starmap":
            self.ended(lambda: pool.starmap(task, [(x,) for x in items], chunk))
        else:
            it = getattr(pool, how)(task, items, size)
            while True:
                try:
                    next(it)
                except ValueError:
                    pass
                except StopIteration:
                    break


def op_pool(C, ctx, name, kind, mode, calls, close):
    pool = MAKERS[name](ctx)
    executor = kind == "Executor"
    tally = Tally()
    for how, items, chunk in calls:
        if mode in ("initfail", "kill"):
            tally.breaks(pool, items)
        elif how == "cancel":
            tally.cancels(pool, items)
        elif how in ("submit", "apply", "apply_async"):
            tally.each(pool, how, items)
        else:
            tally.chunks(pool, how, items, chunk, executor)
    if executor:
        pool.shutdown()
    else:
        getattr(pool, close)()
        pool.join()
    log(pool=name, kind=kind, mode=mode, submitted=tally.submitted, failed=tally.failed, items=tally.items, cancelled=tally.cancelled, broken=tally.broken,
        unpicklable=tally.unpicklable)
