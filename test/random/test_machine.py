"""The machine itself: seeds give the same programs everywhere, differences are detected, and failing programs are
shrunk."""
import copy
import hashlib
import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import plan as plans
import program
from compare import channels, findings, messages, pools, processes
from prng import Prng
from runner import Run
from shrink import shrink
from state import State
from truth import Truth

PLAN = {"version": 1, "method": "fork", "end": ["exit", 0], "shared": ["q0"], "channels": [{"name": "q0", "kind": "Queue", "cap": 0}],
        "ops": [["put", {"ch": "q0", "n": 2, "size": 0, "shape": "s", "site": "put_a", "args": ()}], ["drain", {"ch": "q0"}]]}
LINES = [
    {"proc": 1, "ppid": 0, "how": "main", "pid": 50},
    {"b": "put", "ch": "q0", "tag": "<q0:50:1>", "site": "put_a", "pid": 50}, {"e": "put", "ch": "q0", "tag": "<q0:50:1>", "out": "ok", "pid": 50},
    {"proc": 1, "ppid": 50, "how": "fork", "pid": 51}, {"exit": 51, "code": -9, "pid": 50},
    {"b": "get", "ch": "q0", "site": "get_b", "pid": 50}, {"e": "get", "ch": "q0", "out": "ok", "tag": "<q0:50:1>", "site": "get_b", "pid": 50},
    {"b": "get", "ch": "q0", "site": "get_b", "pid": 50}, {"e": "get", "ch": "q0", "out": "Empty", "pid": 50},
    {"pool": "pool0", "kind": "Pool", "mode": None, "submitted": 3, "failed": 1, "items": 3, "cancelled": 0, "broken": 0, "pid": 50},
]

PLANS = "491bcbb1cb70e56e"
"""Of the plans of some seeds."""


def process(pid, origin, parent, state, code, signal):
    return {"id": "p%d" % pid, "pid": pid, "parentId": parent, "name": "x", "origin": origin, "startMethod": None, "state": state, "exitCode": code,
            "signal": signal, "startedAtMs": 1, "endedAtMs": 2}


def right_run():
    """A run in which all is right."""
    run = Run(PLAN, False)
    source = program.source(PLAN, "a test")
    with tempfile.NamedTemporaryFile("w", suffix=".truth", delete=False) as file:
        for number, line in enumerate(LINES):
            file.write(json.dumps(dict(line, t=number)) + "\n")
    run.truth = Truth(file.name, PLAN, source)
    os.remove(file.name)
    run.bare_status = 0
    run.live = {
        "session": {"dropped": 0},
        "processes": [process(50, "main", None, "exited", 0, None), process(51, "fork", "p50", "killed", None, "SIGKILL")],
        "channels": [{"id": "c1", "name": "q0", "kind": "Queue", "owner": "user", "capacity": 0, "puts": 1, "gets": 1, "sends": 1, "receives": 1, "depth": 0,
                      "depthMax": 1, "outcomes": {"Full": 0, "Empty": 1}, "line": None}],
        "pools": [{"name": "pool0", "submitted": 3, "completed": 2, "failed": 1, "pending": 0, "running": 0, "items": 3, "state": "closed"}],
        "findings": [],
    }
    run.recorded = run.live
    sites = run.truth.sites
    run.messages = [{"id": 0, "channel": "c1", "from": "p50", "to": "p50", "sentAtMs": 1, "receivedAtMs": 2, "payload": "'<q0:50:1>'",
                     "sendLine": {"line": sites["put_a"]}, "receiveLine": {"line": sites["get_b"]}}]
    return run


def kinds(run):
    return sorted(set(kind for subject in (processes, channels, messages, pools, findings) for kind, _ in subject.compare(run, PLAN)))


class Seeds(unittest.TestCase):
    def test_numbers_are_those_of_splitmix64(self):
        self.assertEqual([Prng(1234567).word() for _ in range(1)], [6457827717110365317])

    def test_a_seed_makes_the_same_program_on_every_python(self):
        made = repr([plans.make(seed)["ops"] for seed in range(1, 60)])
        self.assertEqual(hashlib.sha256(made.encode()).hexdigest()[:16], PLANS, "a change of programs wants another VERSION in plan.py")
        compile(program.source(plans.make(7), "seed 7"), "program", "exec")

    def test_every_kind_of_operation_comes(self):
        seen = set(op[0] for seed in range(1, 400) for op in plans.walk(plans.make(seed)["ops"]))
        for name in ("pool", "listener", "manager", "barrier", "graceful", "timer", "sigchld", "drop", "piped", "sub", "exec", "daemon", "value", "shoot"):
            self.assertIn(name, seen)


class Comparison(unittest.TestCase):
    def test_a_right_run_has_no_mismatch(self):
        self.assertEqual(kinds(right_run()), [])

    def test_each_difference_is_detected(self):
        for kind, change in {
            "process-missing": lambda run: run.live["processes"].pop(),
            "process-twice": lambda run: run.live["processes"].append(process(51, "fork", "p50", "lost", None, None)),
            "process-invented": lambda run: run.live["processes"].append(process(77, "fork", "p50", "exited", 0, None)),
            "process-end": lambda run: run.live["processes"][1].update(signal="SIGTERM"),
            "exit-and-signal": lambda run: run.live["processes"][1].update(exitCode=0),
            "process-times": lambda run: run.live["processes"][0].update(endedAtMs=0.5),
            "process-parent": lambda run: run.live["processes"][1].update(parentId=None),
            "channel-missing": lambda run: run.live["channels"].pop(),
            "channel-gets": lambda run: run.live["channels"][0].update(gets=2),
            "channel-sends": lambda run: run.live["channels"][0].update(sends=0),
            "channel-outcomes": lambda run: run.live["channels"][0]["outcomes"].update(Empty=0),
            "channel-depth": lambda run: run.live["channels"][0].update(depth=1),
            "message-missing": lambda run: run.messages.pop(),
            "message-twice": lambda run: run.messages.append(run.messages[0]),
            "message-receiver": lambda run: run.messages[0].update(to="p51"),
            "message-sender": lambda run: run.messages[0].update({"from": "p51"}),
            "message-line": lambda run: run.messages[0].update(sendLine={"line": 1}),
            "message-invented": lambda run: run.messages.append(dict(run.messages[0], payload="'<q0:50:2>'")),
            "pool-unfinished": lambda run: run.live["pools"][0].update(pending=1),
            "pool-failed": lambda run: run.live["pools"][0].update(failed=0, completed=3),
            "pool-missing": lambda run: run.live["pools"].pop(),
            "finding-deadlock": lambda run: run.live["findings"].append({"code": "deadlock", "severity": "error", "over": False, "message": ""}),
        }.items():
            run = right_run()
            change(run)
            self.assertIn(kind, kinds(run), kind)


class Smaller(unittest.TestCase):
    def test_a_failing_plan_shrinks_to_the_failing_part(self):
        plan = plans.make(11)
        plan["ops"].insert(1, ["drop", {"ch": plan["shared"][0], "wait": True}])

        def fails(candidate):
            return [("kind", "sentence")] if any(op[0] == "drop" for op in plans.walk(candidate["ops"])) else []
        smaller, found = shrink(copy.deepcopy(plan), {"kind"}, fails, 500, 60)
        self.assertEqual([op[0] for op in plans.walk(smaller["ops"])], ["drop"])
        self.assertEqual(found, [("kind", "sentence")])

    def test_an_irreproducible_mismatch_is_reported(self):
        self.assertIsNone(shrink(plans.make(1), {"kind"}, lambda _: [("other", "")], 50, 60))


class Resuming(unittest.TestCase):
    def test_a_run_continues_where_it_stopped_and_another_build_starts_over(self):
        path = os.path.join(tempfile.mkdtemp(), "state.json")
        State(path, ["build", 1], False).add(5, [])
        self.assertEqual(State(path, ["build", 1], False).done, {"5": []})
        self.assertEqual(State(path, ["other build", 1], False).done, {})
        self.assertEqual(State(path, ["build", 1], True).done, {})
        os.remove(path)
        os.rmdir(os.path.dirname(path))


if __name__ == "__main__":
    unittest.main()
