"""Each message: its sender, its receiver, their lines; none invented, none missing."""
import re

TAG = re.compile(r"<[\w-]+:\d+:\d+>")


def compare(run, plan):
    truth = run.truth
    pids = dict((p["id"], p["pid"]) for p in run.recorded["processes"])
    channels = dict((c["id"], c) for c in run.recorded["channels"])
    seen = {}
    for m in run.messages:
        c = channels.get(m["channel"])
        tag = TAG.search(m["payload"])
        if c is None or c["owner"] != "user":
            continue
        if tag is None:
            if c["kind"] != "Connection" and m["payload"] not in ("'ready'", "None"):
                yield "message-tag", "a message of %s without its tag: %s" % (c["name"], m["payload"][:80])
            continue
        tag = tag.group()
        if tag in seen:
            yield "message-twice", "message %s is listed twice" % tag
        seen[tag] = m
        if tag not in truth.putters:
            yield "message-invented", "message %s was never sent" % tag
            continue
        for each in sent(truth, tag, m, pids):
            yield each
        for each in received(truth, tag, m, pids):
            yield each
    for tag in truth.getters:
        if tag not in seen:
            yield "message-missing", "message %s was received, and is not listed" % tag
    for tag in truth.put_ok - truth.dropped:
        if tag not in seen and tag not in truth.getters and truth.putters[tag][2][0] != "p":
            yield "message-missing", "message %s was sent, and is not listed" % tag
    for each in inner(run, channels):
        yield each


def sent(truth, tag, m, pids):
    pid, site, _ = truth.putters[tag]
    if pids.get(m["from"]) != pid:
        yield "message-sender", "message %s is from %s, right %s" % (tag, pids.get(m["from"]), pid)
    elif m["sendLine"] is None or m["sendLine"]["line"] != truth.sites[site]:
        yield "message-line", "message %s was sent at %s, right %s %s" % (tag, m["sendLine"] and m["sendLine"]["line"], truth.sites[site], site)


def received(truth, tag, m, pids):
    to = m["to"] and pids.get(m["to"])
    if tag in truth.getters:
        pid, site, _ = truth.getters[tag]
        if to != pid:
            yield "message-receiver", "message %s is received by %s, right %s" % (tag, to, pid)
        elif m["receiveLine"] is None or m["receiveLine"]["line"] != truth.sites[site]:
            yield "message-line", "message %s was received at %s, right %s %s" % (tag, m["receiveLine"] and m["receiveLine"]["line"], truth.sites[site], site)
        if m["receivedAtMs"] is not None and m["receivedAtMs"] < m["sentAtMs"]:
            yield "message-times", "message %s was received at %s, before it was sent at %s" % (tag, m["receivedAtMs"], m["sentAtMs"])
    elif to is not None and not truth.killed_inside(to, ("get", "recv")):
        yield "message-receiver", "message %s is said to be received by %s, but was not received" % (tag, to)


def inner(run, channels):
    """Messages of a manager or a listener with its clients are received, unless the client was killed or is in a pool."""
    if run.truth.ops["pool"]:
        return
    shut = set(m["channel"] for m in run.messages if "'shutdown'" in m["payload"])
    for m in run.messages:
        c = channels.get(m["channel"])
        # A manager answers shutdown() twice, and its caller reads the first answer.
        twice = m["channel"] in shut and m["payload"] == "('#RETURN', None)"
        if c is not None and c["kind"] == "Connection" and m["to"] is None and not twice:
            yield "connection-unmatched", "message %s of %s (%s) is not received: %s" % (m["id"], c["name"], c["owner"], m["payload"][:60])
