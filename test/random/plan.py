"""Plans of random programs: plain data, generated from a seed alone, that `program.py` turns into source text and
`shrink.py` shrinks."""
from plan_processes import ProcessOps
from plan_scenes import SceneOps
from plan_simple import ROOM, SimpleOps
from prng import Prng

VERSION = 4
"""Counts up when the same seed begins to give another program."""


class Planner(SimpleOps, ProcessOps, SceneOps):
    """Generates one plan."""

    def __init__(self, seed):
        self.r = Prng(seed * 1000003 + VERSION)
        self.counts = {}
        self.channels, self.budget, self.caps = [], {}, {}
        self.queues, self.simple, self.free_ends, self.locks, self.events, self.values = [], [], [], [], [], []
        self.left = self.r.choice([4, 6, 8, 12])

    def channel(self, prefix, kind, cap):
        name = self.name(prefix)
        self.channels.append({"name": name, "kind": kind, "cap": cap})
        self.budget[name], self.caps[name] = ROOM, cap
        return name

    def pipe(self, prefix, duplex):
        n = self.name(prefix)
        ends = [n + "a", n + "b"]
        self.channels.append({"name": n, "kind": "Pipe", "ends": ends, "duplex": duplex})
        return ends

    def setup(self):
        """The channels shared by all processes."""
        r = self.r
        for _ in range(r.between(1, 3)):
            self.queues.append(self.channel("q", r.choice(["Queue", "Queue", "JoinableQueue"]), r.choice([0, 0, 1, 2, 5])))
        for _ in range(r.between(0, 2)):
            self.simple.append(self.channel("s", "SimpleQueue", 0))
        for _ in range(r.between(0, 2)):
            duplex = r.chance(50)
            a, b = self.pipe("c", duplex)
            binary = r.chance(30)
            self.free_ends += [(a, "rw" if duplex else "r", binary), (b, "rw" if duplex else "w", binary)]
        for _ in range(r.between(0, 2)):
            self.locks.append(self.channel("k", r.choice(["Lock", "RLock", "Semaphore"]), 0))
        for _ in range(r.between(0, 1)):
            self.events.append(self.channel("e", "Event", 0))
        for _ in range(r.between(0, 2)):
            self.values.append(self.channel("n", r.choice(["Value", "Array"]), 0))

    def talk(self):
        """The operations of a pipe end's only user."""
        r = self.r
        end, mode, binary = self.free_ends.pop(r.below(len(self.free_ends)))
        send = ["send", {"end": end, "n": r.between(1, 8), "size": r.choice([0, 10, 900]), "site": "sendb_a" if binary else r.choice(["send_a", "send_b"])}]
        receive = ["recv", {"end": end, "n": r.between(1, 6), "wait": r.choice([0, 0.05, 0.2]), "site": "recvb_a" if binary else "recv_a"}]
        return {"w": send, "r": receive, "rw": r.choice([send, receive])}[mode]

    def say(self):
        r = self.r
        return ["say", {"text": self.name("said "), "to": r.choice(["out", "out", "err"]), "flush": r.chance(50)}]

    def local(self):
        return ["local", {"name": self.name("local"), "n": self.r.between(1, 4), "size": self.r.choice([0, 300])}]

    def op(self, depth, daemon):
        """One operation, or several related ones."""
        r = self.r
        kind = r.weighted([(50, "simple"), (12, "talk"), (5, "threads"), (6, "fork"), (3, "daemon"), (6, "sub"), (3, "piped"), (2, "exec"), (2, "drop"), (2, "last drop"),
                           (5, "say"), (2, "local"), (2, "brief"), (4, "signals"), (10, "child"), (5, "scene"), (5, "victim")])
        if kind in ("child", "scene", "victim", "last drop") and (daemon or depth >= 2 or not self.afford(1)):
            kind = "simple"
        if kind == "talk" and not self.free_ends:
            kind = "simple"
        if kind == "victim":
            return self.victim()
        if kind == "child":
            return [self.child(depth)]
        if kind == "threads":
            return [["threads", {"lists": [[self.simple_op() for _ in range(r.between(1, 3))] for _ in range(r.between(2, 3))]}]]
        if kind == "exec":
            return [["exec", {"code": r.choice([0, 5, 130])}]]
        if kind == "drop":
            # A bounded queue may or may not have room for it.
            roomy = [ch for ch in self.queues if not self.caps[ch]]
            return [["drop", {"ch": r.choice(roomy), "wait": True}] if roomy else self.nap()]
        if kind == "last drop":
            return self.last_drop()
        if kind == "simple":
            return [self.simple_op()]
        return [getattr(self, kind)()]

    def ops(self, n, depth, daemon):
        out = []
        for _ in range(n):
            out += self.op(depth, daemon)
            if r_joins(self.r, out):
                out.append(["joinall", {}])
        return out

    def plan(self, method):
        r = self.r
        chosen = r.choice(["fork", "fork", "spawn", "forkserver"])
        self.setup()
        ops = []
        for _ in range(r.between(1, 3)):
            if self.afford(1):
                ops.append([self.child(0)])
        for _ in range(r.between(0, 4)):
            ops.insert(r.below(len(ops) + 1), self.op(0, False))
        if r.chance(60):
            ops.append([self.scene()])
        ops = [op for group in ops for op in group] + [["joinall", {}]]
        ops += [["drain", {"ch": q}] for q in self.queues] + [["sdrain", {"ch": s}] for s in self.simple]
        end = r.weighted([(6, ["exit", 0]), (3, ["exit", r.choice([3, 17])]), (1, ["exit", "main's last word"]), (1, ["raise", "main"]), (1, ["_exit", 9]),
                          (1, ["kill", r.choice([9, 15])])])
        return {"version": VERSION, "method": method or chosen, "channels": self.channels, "ops": ops, "end": end, "shared": list(self.queues)}


def r_joins(r, ops):
    """Occasionally a process joins its children before it continues."""
    return bool(ops) and ops[-1][0] == "child" and r.chance(25)


def make(seed, method=None):
    """The plan of a seed; the start method may be given."""
    return Planner(seed).plan(method)


def walk(ops):
    """Every operation of a plan, including nested ones."""
    for op in ops:
        yield op
        for each in walk(op[1].get("ops", ())):
            yield each
        for some in op[1].get("lists", ()):
            for each in walk(some):
                yield each
