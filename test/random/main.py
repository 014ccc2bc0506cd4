"""Runs random programs bare and under Forkscope, and compares: see docs/random.md. `npm run test:random` starts this."""
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time

import options as command
import plan as plans
import program
from runner import Runner, end_survivors
from shrink import shrink
from state import State, fingerprint, tested_files


class Machine(object):
    """Takes seeds one by one, in as many threads as there are jobs."""

    def __init__(self, options):
        self.options = options
        self.seeds = [options.seed + i for i in range(options.runs) if i % options.parts == options.number - 1]
        os.makedirs(options.out, exist_ok=True)
        key = [fingerprint(tested_files(options.root)), options.seed, options.runs, options.part, options.python, bool(options.native), options.method,
               options.under, options.load]
        name = "state-%s.json" % fingerprint_of(key[1:])
        self.state = State(os.path.join(options.out, name), key, options.restart)
        self.guard = threading.Lock()
        self.begun = time.monotonic()

    def interrupted(self, number, frame):
        """Leaves nothing running. The state's file has the completed seeds."""
        self.say("interrupted after %d of %d; the same command goes on" % (len(self.state.done), len(self.seeds)))
        end_survivors(os.path.join(self.options.out, "work"), 0)
        os._exit(128 + number)

    def say(self, text):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def title(self, seed):
        method = " --method %s" % self.options.method if self.options.method else ""
        return "seed %d%s" % (seed, method)

    def run(self):
        """@returns the number of failures"""
        waiting = queue.Queue()
        left = [seed for seed in self.seeds if str(seed) not in self.state.done]
        if len(left) < len(self.seeds):
            self.say("%d of %d were run before; going on" % (len(self.seeds) - len(left), len(self.seeds)))
        for seed in left:
            waiting.put(seed)
        threads = [threading.Thread(target=self.work, args=(waiting,)) for _ in range(self.options.jobs)]
        for each in threads:
            each.daemon = True
            each.start()
        for each in threads:
            while each.is_alive():
                each.join(1)
        return sum(bool(found) for found in self.state.done.values())

    def work(self, waiting):
        while True:
            try:
                seed = waiting.get(False)
            except queue.Empty:
                return
            try:
                found = self.one(seed)
            except Exception as error:  # the machine's own faults are failures too
                found = [("machine", repr(error))]
            with self.guard:
                self.state.add(seed, found)
                self.tell(seed, found)

    def tell(self, seed, found):
        for kind, sentence in found:
            self.say("%s | %s | %s" % (self.title(seed), kind, sentence))
        done = len(self.state.done)
        if done % 10 == 0 or done == len(self.seeds):
            failed = sum(bool(each) for each in self.state.done.values())
            self.say("%d of %d, %d failed, %d s" % (done, len(self.seeds), failed, time.monotonic() - self.begun))

    def one(self, seed):
        """One seed. A failing one is shrunk, and kept."""
        plan = plans.make(seed, self.options.method)
        work = os.path.join(self.options.out, "work", "%s-%d" % (os.getpid(), seed))
        runner = Runner(self.options, work)
        found = runner.mismatches(plan, self.title(seed))
        kept = os.path.join(self.options.out, str(seed))
        if found or self.options.keep:
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(work, kept)
        if found:
            with open(os.path.join(kept, "mismatches.txt"), "w") as file:
                file.writelines("%s | %s\n" % each for each in found)
            if self.options.shrink and found[0][0] != "unsound":
                self.make_smaller(seed, plan, found, runner, kept)
        shutil.rmtree(work, ignore_errors=True)
        return found

    def make_smaller(self, seed, plan, found, runner, kept):
        title = self.title(seed) + ", made smaller"
        result = shrink(plan, set(kind for kind, _ in found), lambda smaller: runner.mismatches(smaller, title), self.options.shrink, 240)
        if result is None:
            self.say("%s | it did not come again: %s" % (self.title(seed), kept))
            return
        smaller, still = result
        path = os.path.join(kept, "shrunk.py")
        with open(path, "w") as file:
            file.write(program.source(smaller, title))
        with open(os.path.join(kept, "shrunk.json"), "w") as file:
            json.dump(smaller, file, indent=1)
        self.say("%s | made smaller: %s\n  METHOD = %r, END = %r\n  OPS = %s" % (
            self.title(seed), path, smaller["method"], smaller["end"], program.shown(smaller["ops"], 6)))
        for each in still[:3]:
            self.say("  still %s | %s" % each)


def fingerprint_of(values):
    import hashlib
    return hashlib.sha256(repr(values).encode()).hexdigest()[:12]


def busy():
    """Processes that keep all processors busy."""
    source = "import os\nparent = os.getppid()\nwhile os.getppid() == parent:\n    sum(range(100000))"
    return [subprocess.Popen([sys.executable, "-c", source]) for _ in range(2 * (os.cpu_count() or 1))]


def main():
    options = command.parse(sys.argv[1:])
    if getattr(options, "print"):
        sys.stdout.write(program.source(plans.make(options.seed, options.method), "seed %d" % options.seed))
        return 0
    machine = Machine(options)
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, machine.interrupted)
    load = busy() if options.load else []
    try:
        failed = machine.run()
    finally:
        for each in load:
            each.kill()
            each.wait()
    machine.say("%d passed, %d failed" % (len(machine.seeds) - failed, failed))
    machine.state.forget()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
