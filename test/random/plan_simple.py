"""Operations that every process may perform, also in threads: the planner's part about channels, locks and time."""

PUT_SITES = ("put_a", "put_b", "put_c")
ROOM = 40000
"""Bytes that one channel is given in a whole run: less than a pipe holds, so that nothing blocks forever on a full one."""


def cost(n, size):
    return n * (size + 100)


class SimpleOps(object):
    """Requires self.r (Prng), self.channels, self.budget and lists of names by kind."""

    def spend(self, ch, n, size):
        """Whether a channel has room for that much; reserves it."""
        if self.budget[ch] < cost(n, size):
            return False
        self.budget[ch] -= cost(n, size)
        return True

    def nap(self):
        return ["sleep", {"s": self.r.choice([0, 0.001, 0.01, 0.03])}]

    def put(self):
        r = self.r
        ch = r.choice(self.queues)
        n, size = r.between(1, 8), r.choice([0, 10, 100, 700])
        if not self.spend(ch, n, size):
            return self.nap()
        args = r.choice([(True, 0.3), (False,), (True, 0.05)]) if self.caps[ch] else r.choice([(), (True,), (False,)])
        shape = "bomb" if r.chance(6) else r.choice("stdl")
        return ["put", {"ch": ch, "n": 1 if shape == "bomb" else n, "size": size, "shape": shape, "site": r.choice(PUT_SITES), "args": args}]

    def simple_put(self):
        r = self.r
        if not self.simple:
            return self.nap()
        ch = r.choice(self.simple)
        n, size = r.between(1, 5), r.choice([0, 10, 500])
        if not self.spend(ch, n, size):
            return self.nap()
        return ["put", {"ch": ch, "n": n, "size": size, "shape": "bomb" if r.chance(4) else r.choice("stdl"), "site": r.choice(PUT_SITES), "args": ()}]

    def get(self):
        r = self.r
        return ["get", {"ch": r.choice(self.queues), "n": r.between(1, 6), "site": r.choice(["get_a", "get_b"]),
                        "args": r.choice([(True, 0.1), (True, 0.02), (False,), (True, 0.0)])}]

    def locked(self, inner):
        r = self.r
        if not self.locks:
            return self.nap()
        return ["lock", {"name": r.choice(self.locks), "s": r.choice([0, 0.001, 0.01]), "ops": [inner() for _ in range(r.between(0, 2))]}]

    def event(self):
        if not self.events:
            return self.nap()
        return ["event", {"name": self.r.choice(self.events), "what": self.r.choice(["set", 0.01, 0.05])}]

    def value(self):
        if not self.values:
            return self.nap()
        return ["value", {"name": self.r.choice(self.values), "n": self.r.between(1, 20)}]

    def forkable_op(self):
        """One that a process created by os.fork may perform: none that needs a feeder thread, which does not survive a
        fork."""
        r = self.r
        what = r.weighted([(3, self.simple_put), (3, self.get), (2, self.nap), (1, self.value), (1, self.event), (1, None)])
        return ["burn", {"s": r.choice([0.001, 0.01])}] if what is None else what()

    def simple_op(self):
        """One that may run in a thread."""
        r = self.r
        what = r.weighted([(6, self.put), (4, self.get), (3, self.simple_put), (1, self.nap), (1, self.value), (1, self.event), (1, "lock"), (1, "burn")])
        if what == "burn":
            return ["burn", {"s": r.choice([0.001, 0.01])}]
        if what == "lock":
            return self.locked(self.forkable_op)
        return what()
