"""The terminal: output, errors and exit status are those of the program without Forkscope."""
import collections
import re

from plan import walk

OURS = re.compile(r'^  File ".*[/\\]forkscope_runtime[/\\].*", line \d+, in (.*)')
# With the accelerator these have no frame.
FRAMELESS = ("send", "recv", "fork", "waitpid", "_exit")


def settled(text, pids):
    """Text without what varies from run to run: pids, addresses, names of semaphores."""
    text = re.sub(r"0x[0-9a-f]{6,}", "0x", text)
    text = re.sub(r"/mp-\w{8}\b", "/mp-", text)
    return re.sub(r"\b\d+\b", lambda match: "PID" if int(match.group()) in pids else match.group(), text)


def without_our_frames(text, but=()):
    """Removes lines of the runtime's wrappers from tracebacks, which are allowed by docs/compatibility.md. But:
    functions that must have none."""
    out, ours = [], False
    for line in text.split("\n"):
        found = OURS.match(line)
        if found and found.group(1) not in but:
            ours = True
        elif not (ours and line.startswith("    ")):
            ours = False
            out.append(line)
    return "\n".join(out)


def lines_of(text, pids, native):
    return collections.Counter(settled(without_our_frames(text, FRAMELESS if native else ()), pids).split("\n"))


def difference(here, there):
    return "; ".join("%dx %r" % (count, line) for line, count in list((here - there).items())[:6])


def without_drops(text, plan):
    """Whether a queue's feeder reports an item that it drops while the process exits depends on timing."""
    if not any(name == "drop" and not args["wait"] for name, args in walk(plan["ops"])):
        return text
    return re.sub(r"Traceback \(most recent call last\):\n(?:  .*\n)+TypeError: not this one\n", "", text)


def loose(plan):
    """Whether errors are printed that depend on timing: by workers, of which an unknown number start."""
    return any(op[0] == "pool" and op[1]["mode"] == "initfail" for op in walk(plan["ops"]))


def compare(run, bare):
    if run.status != bare.status:
        yield "exit-status", "the exit status is %s, right %s" % (run.status, bare.status)
    for name, ours, theirs in (("stdout", run.stdout, bare.stdout), ("stderr", run.stderr, bare.stderr)):
        if name == "stderr" and loose(run.plan):
            continue
        ours, theirs = without_drops(ours, run.plan), without_drops(theirs, run.plan)
        here, there = lines_of(ours, run.pids, run.native), lines_of(theirs, bare.pids, True)
        if here != there:
            yield name, "%s has more: %s / lacks: %s" % (name, difference(here, there), difference(there, here))
    for note in run.truth.notes if run.truth else ["it wrote nothing about itself"]:
        yield "program-disturbed", "%s (not so without Forkscope)" % note
    if run.survivors:
        yield "left-running", "processes were left running: %s" % run.survivors
