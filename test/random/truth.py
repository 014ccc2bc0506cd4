"""What really happened: the lines that a program wrote about itself while it ran."""
import collections
import json
import re

from plan import walk


class Truth(object):
    """The totals of one run's lines."""

    def __init__(self, path, plan, source):
        with open(path) as file:
            self.lines = [json.loads(line) for line in file]
        self.plan, self.source = plan, source
        self.sites = dict((match.group(1), number) for number, line in enumerate(source.split("\n"), 1) for match in [re.search(r"#SITE (\w+)$", line)] if match)
        self.read_processes()
        self.read_messages()
        self.pools = [x for x in self.lines if "pool" in x]
        self.services = [x for x in self.lines if "service" in x]
        self.managers = [x for x in self.lines if "manager" in x]
        self.ops = collections.Counter(op[0] for op in walk(plan["ops"]))

    def read_processes(self):
        self.processes, self.exits, self.shot, self.notes = {}, {}, set(), []
        started = {}
        for x in self.lines:
            if x.get("proc"):
                self.processes[x.get("of", x["pid"])] = x
            if "started" in x:
                started[x["started"]] = x
            if "exit" in x:
                self.exits[x["exit"]] = x["code"]
            if "shot" in x:
                self.shot.add(x["shot"])
            if "stuck" in x:
                self.notes.append("the child %s did not end and was killed" % x["name"])
            if "error" in x:
                self.notes.append("an operation failed: %s" % x["error"])
        self.started = started
        self.replaced = set(x["pid"] for x in self.lines if x.get("ending") == "exec")
        """Processes that are another program at their end, with its name."""
        for pid, x in started.items():
            self.processes.setdefault(pid, {"ppid": x["pid"], "how": "process", "method": x["method"], "name": x["name"]})
        self.main = next((pid for pid, x in self.processes.items() if x["how"] == "main"), None)

    def read_messages(self):
        self.outs = collections.Counter()
        """(channel, operation, outcome): how often"""
        self.open = collections.Counter()
        """(channel, operation): begun and not ended, so that its completion is unknown"""
        self.putters, self.getters, self.dropped, self.pads = {}, {}, set(), {}
        self.put_ok = set()
        for x in self.lines:
            if "b" in x:
                self.open[(x["ch"], x["b"])] += 1
                if x["b"] in ("put", "send") and "end" not in x:
                    self.putters[x["tag"]] = (x["pid"], x["site"], x["ch"])
                if x.get("drop"):
                    self.dropped.add(x["tag"])
            elif x.get("e") in ("put", "send", "get", "recv"):
                self.open[(x["ch"], x["e"])] -= 1
                self.outs[(x["ch"], x["e"], x["out"])] += 1
                if x["e"] in ("get", "recv") and x["out"] in ("ok", "unpickle") and "end" not in x:
                    self.getters[x["tag"]] = (x["pid"], x["site"], x["ch"])
                if x["e"] in ("put", "send") and x["out"] == "ok" and "end" not in x:
                    self.put_ok.add(x["tag"])

    def killed_inside(self, pid, kinds):
        """Whether a process ended inside such an operation."""
        depth = 0
        for x in self.lines:
            if x["pid"] == pid and x.get("b") in kinds:
                depth += 1
            if x["pid"] == pid and x.get("e") in kinds:
                depth -= 1
        return depth > 0
