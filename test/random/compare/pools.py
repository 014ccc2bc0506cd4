"""Totals of pools and executors."""


def compare(run, plan):
    pools = {}
    for p in run.live["pools"]:
        if p["name"] in pools:
            yield "pool-twice", "pool %s is twice in the report" % p["name"]
        pools[p["name"]] = p
    for x in run.truth.pools:
        p = pools.pop(x["pool"], None)
        if p is None:
            yield "pool-missing", "pool %s is not in the report" % x["pool"]
            continue
        for each in one(x, p):
            yield each
    if pools:
        yield "pool-invented", "pools in no line of the truth: %s" % sorted(pools)


def one(x, p):
    who = "%s (%s%s)" % (x["pool"], x["kind"], " " + x["mode"] if x["mode"] else "")
    if p["pending"] or p["running"]:
        yield "pool-unfinished", "%s has %s pending and %s running at its end" % (who, p["pending"], p["running"])
    if p["submitted"] != x["submitted"]:
        yield "pool-submitted", "%s: %s submitted, right %s" % (who, p["submitted"], x["submitted"])
    cancelled = p.get("cancelled", 0)
    if cancelled != x["cancelled"] and not x["broken"]:
        yield "pool-cancelled", "%s: %s cancelled, right %s" % (who, cancelled, x["cancelled"])
    ended = p["completed"] + p["failed"]
    if ended + cancelled + p["pending"] + p["running"] != p["submitted"]:
        yield "pool-sum", "%s: %s completed, %s failed, %s cancelled of %s submitted" % (who, p["completed"], p["failed"], cancelled, p["submitted"])
    if x["broken"]:
        if p["state"] != "broken":
            yield "pool-state", "%s is %s, right broken" % (who, p["state"])
        return
    if p["failed"] != x["failed"]:
        yield "pool-failed", "%s: %s failed, right %s" % (who, p["failed"], x["failed"])
    if p["items"] != x["items"]:
        yield "pool-items", "%s: %s items, right %s" % (who, p["items"], x["items"])
    if p["state"] not in ("closed", "terminated"):
        yield "pool-state", "%s is %s at its end" % (who, p["state"])
