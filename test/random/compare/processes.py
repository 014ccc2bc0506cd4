"""Every process of the truth is in the report once, with its parent, name and end; and no other one."""
import collections
import signal

SIGNALS = dict((each.value, each.name) for each in signal.Signals)
ORIGINS = {"main": ("main",), "fork": ("fork",), "process": ("process",), "subprocess": ("subprocess",)}
OF_LIBRARY = {"pool-worker", "executor-worker", "forkserver", "resource-tracker", "manager"}


def ended_as(code):
    """(state, exit code, signal) of a status as given by multiprocessing and subprocess."""
    if code < 0:
        return "killed", None, SIGNALS[-code]
    return "exited", code, None


def compare(run, plan):
    truth, report = run.truth, run.live
    by_id = dict((p["id"], p) for p in report["processes"])
    by_pid = collections.defaultdict(list)
    for p in report["processes"]:
        by_pid[p["pid"]].append(p)
    for pid, x in truth.processes.items():
        found = by_pid.get(pid, [])
        if len(found) != 1:
            yield ("process-missing" if not found else "process-twice"), "process %s (%s %s) is %d times in the report" % (pid, x["how"], x.get("name", ""), len(found))
            continue
        for each in one(run, truth, x, pid, found[0], by_id):
            yield each
    for each in others(truth, report, by_id):
        yield each


def one(run, truth, x, pid, p, by_id):
    """Compares one process of the truth with its row."""
    who = "%s %s (pid %s)" % (x["how"], x.get("name") or p["name"], pid)
    origins = ORIGINS[x["how"]] + (("fork",) if x.get("forks") else ())
    if p["origin"] not in origins:
        yield "process-origin", "the origin of %s is %s, right %s" % (who, p["origin"], origins[0])
    starting = x["how"] == "process" and pid not in truth.started and "of" not in x and truth.exits.get(x["ppid"], 0) < 0
    parent = by_id.get(p["parentId"], {}).get("pid", 0)
    if parent != x["ppid"] and not starting:  # or its parent was killed within start()
        yield "process-parent", "the parent of %s is %s, right %s" % (who, parent, x["ppid"])
    if x["how"] == "process" and not starting and pid not in truth.replaced:
        for field, right in (("startMethod", x["method"]), ("name", x["name"])):
            if p[field] != right:
                yield "process-" + field, "%s of %s is %r, right %r" % (field, who, p[field], right)
    code = truth.exits.get(pid)
    if code is None and pid == truth.main:
        code = run.bare_status
    got = (p["state"], p["exitCode"], p["signal"])
    if code is not None and got != ended_as(code):
        yield "process-end", "%s: state, exit code and signal are %s, right %s" % (who, got, ended_as(code))
    elif code is None and p["state"] not in ("exited", "lost", "killed"):
        yield "process-end", "%s is still %s" % (who, p["state"])


def others(truth, report, by_id):
    """Checks that apply to every row."""
    for p in report["processes"]:
        who = "%s %s (pid %s)" % (p["origin"], p["name"], p["pid"])
        if (p["exitCode"] is None) == (p["signal"] is None) and p["state"] in ("exited", "killed"):
            yield "exit-and-signal", "%s has exit code %s and signal %s" % (who, p["exitCode"], p["signal"])
        if p["state"] in ("running", "waiting", "paused"):
            yield "process-alive", "%s is %s at the end" % (who, p["state"])
        elif p["endedAtMs"] is None or p["endedAtMs"] < p["startedAtMs"]:
            yield "process-times", "%s started at %s and ended at %s" % (who, p["startedAtMs"], p["endedAtMs"])
        known = p["pid"] in truth.processes or p["origin"] in OF_LIBRARY or (p["origin"] == "subprocess" and untold(truth))
        if not known and by_id.get(p["parentId"], {}).get("origin") != "forkserver":
            yield "process-invented", "%s is in no line of the truth" % who


def untold(truth):
    """check_output starts a program without revealing its pid."""
    return any("said" in x for x in truth.lines)
