"""The planner's part about processes: children and their ends, forks, started programs, signals."""

EXIT_CODES = (0, 0, 1, 3, 42, 255)


class ProcessOps(object):
    """Requires SimpleOps' attributes, and self.left: how many processes may still be created."""

    def name(self, prefix):
        """A name that is unique in the program."""
        self.counts[prefix] = self.counts.get(prefix, -1) + 1
        return "%s%d" % (prefix, self.counts[prefix])

    def afford(self, n):
        """Whether that many more processes may be created."""
        if self.left < n:
            return False
        self.left -= n
        return True

    def end(self, who):
        r = self.r
        return r.weighted([(6, ["return", 0]), (2, ["exit", r.choice(EXIT_CODES)]), (1, ["exit", "bye from %s" % who]), (1, ["exit", None]),
                           (2, ["_exit", r.choice(EXIT_CODES)]), (2, ["raise", who]), (3, ["kill", r.choice([9, 15, 6, 11, 10])]),
                           (1, ["thread_exit", r.choice(EXIT_CODES)]), (1, ["abort", 0]), (1, ["exec", r.choice(EXIT_CODES)])])

    def child(self, depth):
        """A child that ends by itself; it may be stopped for a while."""
        r = self.r
        who = self.name("w")
        daemon = depth == 0 and r.chance(15)
        ops = self.ops(r.between(1, 5), depth + 1, daemon)
        after = "stop" if r.chance(8) else "join"
        return ["child", {"name": who, "ops": ops, "end": self.end(who), "daemon": daemon, "after": after, "delay": r.choice([0.01, 0.05, 0.1]),
                          "shared": sorted(puts_of(ops, self.queues))}]

    def victim(self):
        """A child that is killed at any moment, and its parent's actions before and after. It has its own channels: a
        process that dies in
        the middle of an operation leaves a lock that is never released, and a program in which others wait for that
        is not sound.
        """
        r = self.r
        who = self.name("v")
        before, inside, after = [], [], []
        for _ in range(r.between(1, 3)):
            kind = r.choice(["Queue", "Queue", "SimpleQueue", "Pipe"])
            n, size = r.between(1, 12), r.choice([0, 10, 500])
            give = {"n": n, "size": size, "shape": r.choice("stdl"), "site": r.choice(["put_a", "put_b", "put_c"]), "args": ()}
            if kind == "Pipe":
                ends = self.pipe("p", r.chance(50))
                inside.append(["send", {"end": ends[1], "n": n, "size": size, "site": "send_b"}])
                after.append(["recv", {"end": ends[0], "n": n, "wait": 0.05, "site": "recv_a"}])
                continue
            ch = self.channel("p", kind, 0)
            if kind == "Queue" and r.chance(50):
                before.append(["put", dict(give, ch=ch)])
                inside.append(["get", {"ch": ch, "n": n, "site": "get_b", "args": (True, 0.1)}])
            else:
                inside.append(["put", dict(give, ch=ch)])
                after.append(["drain" if kind == "Queue" else "sdrain", {"ch": ch}])
        inside.insert(r.between(0, len(inside)), self.nap())
        if r.chance(60):
            inside.append(["sleep", {"s": 0.3}])
        how = r.choice(["kill", "terminate", "sibling", "join"])
        end = r.choice([["return", 0], ["exit", 5], ["_exit", 6], ["kill", 9]])
        spec = {"name": who, "ops": inside, "end": end, "daemon": r.chance(20), "after": "join" if how == "sibling" else how,
                "delay": r.choice([0, 0.02, 0.1, 0.2]), "shared": [], "victim": True}
        out = before + [["child", spec]]
        if how == "sibling" and self.afford(1):
            killer = self.name("w")
            ops = [["sleep", {"s": r.choice([0, 0.02, 0.1])}], ["shoot", {"who": who, "sig": r.choice([9, 15, 11])}]]
            out.append(["child", {"name": killer, "ops": ops, "end": ["return", 0], "daemon": False, "after": "join", "delay": 0, "shared": []}])
        return out + [["joinall", {}]] + after

    def last_drop(self):
        """A child whose last item cannot be pickled: its queue detects that while the process exits, and reports
        nothing."""
        r = self.r
        who, ch = self.name("w"), self.channel("d", "Queue", 0)
        ops = [["put", {"ch": ch, "n": r.between(1, 4), "size": 10, "shape": "s", "site": "put_b", "args": ()}], ["drop", {"ch": ch, "wait": False}]]
        end = r.choice([["return", 0], ["exit", 3]])
        return [["child", {"name": who, "ops": ops, "end": end, "daemon": False, "after": "join", "delay": 0, "shared": []}], ["joinall", {}],
                ["drain", {"ch": ch}]]

    def fork(self):
        r = self.r
        return ["fork", {"ops": [self.forkable_op() for _ in range(r.between(0, 3))], "code": r.choice([0, 0, 1, 42, 255, -9, -15])}]

    def daemon(self):
        return ["daemon", {"ops": [self.forkable_op() for _ in range(self.r.between(0, 2))]}]

    def sub(self):
        r = self.r
        return ["sub", {"how": r.choice(["exit", "_exit", "spawn", "posix_spawn", "sh", "sleep", "-I", "-E", "-S", "env"]), "code": r.choice([0, 1, 3, 200])}]

    def piped(self):
        r = self.r
        return ["piped", {"how": r.choice(["communicate", "lines", "check_output", "cat"]), "size": r.choice([0, 10, 3000])}]

    def brief(self):
        r = self.r
        if r.chance(30) and self.afford(4):
            return ["brief", {"n": r.between(1, 4), "how": "process"}]
        return ["brief", {"n": r.choice([2, 10, 30]), "how": "fork"}]

    def signals(self):
        r = self.r
        what = r.choice(["itimer", "itimer", "alarm", "usr1", "sigchld", "sigchld"])
        if what == "usr1":
            return ["usr1", {"n": r.between(1, 5)}]
        if what == "sigchld":
            return ["sigchld", {"n": r.choice([3, 10])}]
        return ["timer", {"how": what, "every": r.choice([0.01, 0.03]), "n": r.between(1, 4)}]


def puts_of(ops, queues):
    """The queues into which these operations put, children's aside."""
    found = set()
    for name, args in ops:
        if name in ("put", "drop") and args["ch"] in queues:
            found.add(args["ch"])
        if name in ("lock",):
            found |= puts_of(args["ops"], queues)
        for each in args.get("lists", ()):
            found |= puts_of(each, queues)
    return found
