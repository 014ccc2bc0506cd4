"""The planner's part about objects used by several processes: pools, executors, listeners, managers, barriers."""

POOL_CALLS = ("apply_async", "map", "imap", "imap_unordered", "apply", "starmap", "map_async")


class SceneOps(object):
    """Requires ProcessOps' attributes."""

    def pool(self):
        r = self.r
        kind = r.choice(["Pool", "Pool", "ThreadPool", "Executor", "Executor"])
        size = r.between(1, 3)
        if kind != "ThreadPool" and not self.afford(size + 1):
            return self.nap()
        name = self.name("pool")
        mode = None
        if kind == "Executor":
            mode = r.weighted([(6, None), (1, "initfail"), (2, "kill"), (1, "maxtasks")])
        elif kind == "Pool" and r.chance(20):
            mode = "maxtasks"
        calls = [self.call(kind, mode) for _ in range(1 if mode in ("initfail", "kill") else r.between(1, 4))]
        return ["pool", {"name": name, "kind": kind, "mode": mode, "size": size, "calls": calls, "close": r.choice(["close", "close", "terminate"])}]

    def call(self, kind, mode):
        r = self.r
        count = r.between(1, 6 if mode else 12)
        if mode in ("initfail", "kill"):
            items = [(j, 0, 0, j) for j in range(count)]
            if mode == "kill":
                items[r.below(count)] = (0, r.choice([2, 3]), 0, 0)
            return ["submit", items, None]
        how = r.choice(["submit", "map", "cancel"] if kind == "Executor" else POOL_CALLS)
        chunk = r.choice([None, 1, 2, 5])
        # An executor's map cancels the remaining tasks at the first failure; the iterator of an imap of chunks ends
        # there.
        quiet = (kind, how) == ("Executor", "map") or how.startswith("imap") and (chunk or 1) > 1
        # 4: an unpicklable argument; 5: an unpicklable result.
        faults = [1, 1, 1, 4, 5] if kind != "ThreadPool" and how in ("submit", "apply_async", "apply") else [1]
        items = [(j, 0 if quiet or not r.chance(15) else r.choice(faults), r.choice([0, 0, 0.002]), r.choice([j, "v" * 30])) for j in range(count)]
        return [how, items, chunk]

    def listener(self):
        r = self.r
        clients = r.between(1, 3)
        if not self.afford(clients):
            return self.nap()
        return ["listener", {"name": self.name("ln"), "family": r.choice(["AF_UNIX", "AF_UNIX", "AF_INET"]), "auth": r.chance(50), "clients": clients,
                             "n": r.between(1, 6), "size": r.choice([0, 10, 900])}]

    def manager(self):
        r = self.r
        workers = r.between(1, 3)
        if not self.afford(workers + 1):
            return self.nap()
        return ["manager", {"name": self.name("mg"), "workers": workers, "n": r.between(1, 8)}]

    def barrier(self):
        n = self.r.between(2, 3)
        if not self.afford(n):
            return self.nap()
        return ["barrier", {"name": self.name("bar"), "n": n}]

    def graceful(self):
        if not self.afford(1):
            return self.nap()
        return ["graceful", {"name": self.name("gq"), "how": self.r.choice(["get", "recv", "acquire", "sleep", "thread"])}]

    def crew(self):
        r = self.r
        workers = r.between(1, 3)
        if not self.afford(workers):
            return self.nap()
        kind = r.choice(["Queue", "JoinableQueue", "SimpleQueue"])
        return ["crew", {"name": self.name("crew"), "workers": workers, "n": r.between(1, 20), "size": r.choice([0, 10, 500]), "kind": kind}]

    def echo(self):
        r = self.r
        if not self.afford(1):
            return self.nap()
        return ["echo", {"name": self.name("echo"), "n": r.between(1, 6), "size": r.choice([0, 100, 5000, 20000, 100000]), "binary": r.chance(50)}]

    def scene(self):
        """One object used by several processes."""
        return self.r.weighted([(6, self.pool), (3, self.crew), (2, self.echo), (2, self.listener), (2, self.manager), (1, self.barrier), (2, self.graceful)])()
