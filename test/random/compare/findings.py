"""A sound program has no finding, except for deliberate faults: unpicklable items, executors' workers that are killed."""


def compare(run, plan):
    tasks = sum(x.get("unpicklable", 0) for x in run.truth.pools)
    dropped = [tag for tag in run.truth.dropped if tag in run.truth.put_ok]
    codes = set()
    for f in run.live["findings"]:
        codes.add(f["code"])
        if f["code"] == "unpicklable" and (dropped or tasks):
            continue
        if f["code"] == "pool-worker-died" and any(x["mode"] == "kill" for x in run.truth.pools):
            continue
        yield "finding-" + f["code"], "%s %s%s: %s" % (f["severity"], f["code"], " (over)" if f["over"] else "", f["message"])
    if dropped and "unpicklable" not in codes:
        yield "finding-missed", "%d items were dropped because they cannot be pickled, and no finding says so" % len(dropped)
