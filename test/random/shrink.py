"""Shrinks a plan while a mismatch of the same kind remains."""
import copy
import time


def lists_of(plan):
    """Every list of a plan from which elements can be removed: operations at any depth, and the calls of pools."""
    found = []

    def visit(ops):
        found.append(ops)
        for _, args in ops:
            if "ops" in args:
                visit(args["ops"])
            if "lists" in args:
                found.append(args["lists"])
                for each in args["lists"]:
                    visit(each)
            if "calls" in args:
                found.append(args["calls"])
                for call in args["calls"]:
                    found.append(call[1])
    visit(plan["ops"])
    return found


def without(plan, at, first, last):
    """A copy of the plan without some elements of its list number `at`."""
    smaller = copy.deepcopy(plan)
    del lists_of(smaller)[at][first:last]
    return smaller


def candidates(plan):
    """Smaller plans, the smallest first."""
    cuts = []
    for at, each in enumerate(lists_of(plan)):
        size = len(each)
        while size >= 1:
            cuts += [(size, at, first) for first in range(0, len(each), size)]
            size //= 2
    for size, at, first in sorted(cuts, key=lambda cut: (-weight(lists_of(plan)[cut[1]][cut[2]:cut[2] + cut[0]]), cut[1], cut[2])):
        yield without(plan, at, first, first + size)
    for at, each in enumerate(plan["channels"]):
        names = each.get("ends", [each["name"]])
        if not any(repr(name) in repr(plan["ops"]) for name in names):
            smaller = copy.deepcopy(plan)
            del smaller["channels"][at]
            smaller["shared"] = [name for name in smaller["shared"] if name not in names]
            yield smaller
    if plan["end"] != ["exit", 0]:
        yield dict(copy.deepcopy(plan), end=["exit", 0])


def weight(part):
    return len(repr(part))


def shrink(plan, kinds, mismatches, runs, seconds, say=lambda text: None):
    """@param kinds the kinds of mismatch to keep
    @param mismatches plan -> [(kind, sentence)]
    @param runs maximum number of programs to run
    @returns the smallest plan found, and its mismatches; None if the mismatch is not reproducible
    """
    left = [runs]
    end = time.monotonic() + seconds

    def same(candidate, tries):
        for _ in range(tries):
            if left[0] <= 0 or time.monotonic() > end:
                return None
            left[0] -= 1
            found = [each for each in mismatches(candidate) if each[0] in kinds]
            if found:
                return found
        return None

    best = same(plan, 4)
    if best is None:
        return None
    smaller = True
    while smaller:
        smaller = False
        for candidate in candidates(plan):
            if left[0] <= 0 or time.monotonic() > end:
                return plan, best
            found = same(candidate, 2)
            if found:
                plan, best, smaller = candidate, found, True
                say("shrunk to %d bytes" % weight(plan["ops"]))
                break
    return plan, best
