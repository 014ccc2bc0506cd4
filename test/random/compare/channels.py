"""Totals of channels. If a process was killed inside an operation, the truth is a range as wide as its unfinished
operations."""
import collections
import re

from plan import walk

HELPERS = {"near", "far", "reading", "writing"}
"""Pipes that operations of the library make for themselves."""


def expected(plan):
    """name: (kind, capacity) of the queues that the program creates."""
    found = dict((c["name"], (c["kind"], c["cap"])) for c in plan["channels"] if c["kind"] in ("Queue", "JoinableQueue", "SimpleQueue"))
    for name, args in walk(plan["ops"]):
        if name in ("local", "graceful"):
            found[args["name"]] = ("Queue", 0)
        if name == "crew":
            found[args["name"] + "j"] = (args["kind"], 0)
            found[args["name"] + "r"] = ("SimpleQueue" if args["kind"] == "SimpleQueue" else "Queue", 0)
    return found


def within(low, got, high):
    return low <= got <= high


def compare(run, plan):
    truth = run.truth
    by_name = collections.defaultdict(list)
    for c in run.live["channels"]:
        if c["owner"] == "user":
            by_name[c["name"]].append(c)
    for name, (kind, cap) in expected(plan).items():
        found = by_name.pop(name, [])
        if len(found) != 1:
            yield "channel-missing" if not found else "channel-twice", "channel %s is %d times in the report" % (name, len(found))
            continue
        for each in queue(truth, name, kind, cap, found[0]):
            yield each
    pipes = [c["ends"] for c in plan["channels"] if c["kind"] == "Pipe"]
    pipes += [[args["name"] + "a", args["name"] + "b"] for name, args in walk(plan["ops"]) if name == "echo"]
    for ends in pipes:
        for each in pipe(truth, ends, by_name):
            yield each
    for each in rest(truth, by_name):
        yield each


def queue(truth, name, kind, cap, c):
    outs = truth.outs
    if (c["kind"], c["capacity"]) != (kind, cap):
        yield "channel-kind", "channel %s is %s/%s, right %s/%s" % (name, c["kind"], c["capacity"], kind, cap)
    in_put, in_get = truth.open[(name, "put")], truth.open[(name, "get")]
    put, got = outs[(name, "put", "ok")], outs[(name, "get", "ok")]
    drops = sum(1 for tag in truth.dropped if tag in truth.put_ok and truth.putters[tag][2] == name)
    taken = got + outs[(name, "get", "unpickle")]
    private = name[0] == "p"
    for field, low, high in (("puts", put, put + in_put), ("gets", got, got + in_get), ("receives", taken, taken + in_get),
                             ("sends", 0 if private else put - drops, put - drops + in_put)):
        if not within(low, c[field], high):
            yield "channel-" + field, "%s.%s is %s, right %s..%s" % (name, field, c[field], low, high)
    for op, out, more in (("put", "Full", in_put), ("get", "Empty", in_get)):
        low = outs[(name, op, out)]
        if not within(low, c["outcomes"][out], low + more):
            yield "channel-outcomes", "%s.outcomes.%s is %s, right %s..%s" % (name, out, c["outcomes"][out], low, low + more)
    if c["depth"] != c["sends"] - c["receives"]:
        yield "channel-depth", "%s has depth %s at its end, with %s sent and %s received" % (name, c["depth"], c["sends"], c["receives"])
    if c["depth"] < 0 or c["depth"] > c["depthMax"] or (cap and c["depthMax"] > cap):
        yield "channel-depth", "%s has depth %s, at most %s, and holds %s" % (name, c["depth"], c["depthMax"], cap)


def pipe(truth, ends, by_name):
    found = [name for name in by_name if set(re.findall(r"\w+", name)) & set(ends)]
    if len(found) != 1 or len(by_name[found[0]]) != 1:
        yield "channel-missing", "the pipe %s is %s in the report" % ("/".join(ends), found or "not")
        return
    c = by_name.pop(found[0])[0]
    for op, field in (("send", "sends"), ("recv", "receives")):
        low = sum(truth.outs[(end, op, "ok")] for end in ends)
        high = low + sum(truth.open[(end, op)] for end in ends)
        if not within(low, c[field], high):
            yield "channel-" + field, "pipe %s: %s is %s, right %s..%s" % ("/".join(ends), field, c[field], low, high)
    for out in ("EOFError", "BrokenPipeError"):
        right = sum(truth.outs[(end, op, out)] for end in ends for op in ("send", "recv"))
        more = sum(truth.open[(end, op)] for end in ends for op in ("send", "recv")) + sum(1 for x in truth.lines if x.get("e") == "poll" and x["ch"] in ends)
        if not within(right, c["outcomes"][out], right + more):
            yield "channel-outcomes", "pipe %s: outcomes.%s is %s, right %s" % ("/".join(ends), out, c["outcomes"][out], right)


def rest(truth, by_name):
    """Connections of listeners, the library's own pipes, and nothing else."""
    connections = 0
    for name, found in by_name.items():
        for c in found:
            if c["kind"] == "Connection":
                connections += 1
            elif not set(re.findall(r"\w+", name)) & HELPERS or not truth.ops["graceful"]:
                yield "channel-invented", "%s %s (line %s) is in no line of the truth" % (c["kind"], name, (c["line"] or {}).get("line"))
    right = sum(x["connections"] for x in truth.services)
    if connections != right:
        yield "connection-count", "%s connections, right %s" % (connections, right)
