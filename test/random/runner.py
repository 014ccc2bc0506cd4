"""Runs a generated program: bare, under `forkscope run`, under `forkscope dap`; and reads the results of each."""
import json
import os
import resource
import shutil
import signal
import subprocess
import time

import dap
import program
from compare import all_subjects
from compare import terminal
from truth import Truth

LIMIT = 150
"""Seconds after which a run is ended. Bare programs take some seconds."""


class Run(object):
    """The result of one run of a program."""

    def __init__(self, plan, native):
        self.plan, self.native = plan, native
        self.status = self.live = self.recorded = self.truth = self.bare_status = None
        self.stdout = self.stderr = ""
        self.pids, self.messages, self.verified, self.survivors, self.timed_out = set(), [], [], [], False


class Runner(object):
    """Runs plans in a folder, with the configuration from the command line."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.program = os.path.join(folder, "program.py")

    def write(self, plan, title):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.source = program.source(plan, title)
        with open(self.program, "w") as file:
            file.write(self.source)
        with open(os.path.join(self.folder, "plan.json"), "w") as file:
            json.dump(plan, file, indent=1)

    def mismatches(self, plan, title, bare=None):
        """Runs the plan bare and under Forkscope. @returns [(kind, sentence)], empty if all agrees"""
        self.write(plan, title)
        bare = self.bare(plan)
        problem = unsound(bare)
        if problem:
            return [("unsound", problem)]
        if self.options.under == "dap":
            return self.beneath_debugger(plan, bare)
        run = self.forkscope(plan)
        if run.timed_out:
            return [("timeout", "it did not end within %d s; bare it does" % LIMIT)]
        run.bare_status = bare.status
        if run.live is None:
            return [("no-report", "no report or no recording; stderr: %s" % run.stderr[-300:])]
        return all_subjects(run, bare, plan)

    def bare(self, plan):
        return self.start(plan, [self.options.python, self.program], "bare")

    def forkscope(self, plan):
        """Under `forkscope run`, with its report and that of its recording."""
        report, recording = (os.path.join(self.folder, name) for name in ("report.json", "run.forkscope"))
        argv = [self.options.node, self.options.cli, "run", "--quiet", "--python", self.options.python, "--report", report, "--record", recording, self.program]
        run = self.start(plan, argv, "run", native=self.options.native)
        if run.timed_out or not (os.path.exists(report) and os.path.exists(recording)):
            return run
        with open(report) as file:
            run.live = json.load(file)
        asked = self.ask("report", "--json", "--verify", "--against", report, recording), self.ask("messages", "--json", recording)
        (checked, (shown, said)), (_, (listed, _)) = [(each, each.communicate()) for each in asked]
        run.verified = [line.replace("forkscope: ", "", 1) for line in said.decode("utf-8", "replace").splitlines()]
        if checked.returncode not in (0, 1):
            run.verified.append("forkscope report ended with %s" % checked.returncode)
        run.recorded = json.loads(shown.decode("utf-8"))
        run.messages = [json.loads(line) for line in listed.decode("utf-8", "replace").splitlines()]
        return run

    def ask(self, *arguments):
        """Both queries run at the same time; their stderr is short."""
        return subprocess.Popen([self.options.node, self.options.cli] + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def start(self, plan, argv, name, native=None):
        """Runs a command to its end, with files for its output."""
        run = Run(plan, bool(self.options.native))
        env = environment(self.folder, name, native)
        out, err = (os.path.join(self.folder, "%s.%s" % (name, each)) for each in ("out", "err"))
        with open(out, "wb") as stdout, open(err, "wb") as stderr:
            process = subprocess.Popen(argv, cwd=self.folder, env=env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True,
                                       preexec_fn=without_cores)
            try:
                run.status = process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                run.timed_out = True
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        run.survivors = end_survivors(env["TRUTH"], 0 if run.timed_out else 3)
        run.stdout, run.stderr = read(out), read(err)
        self.add_truth(run, env["TRUTH"])
        return run

    def add_truth(self, run, path):
        if os.path.exists(path):
            run.truth = Truth(path, run.plan, self.source)
            run.pids = set(run.truth.processes) | set(x["pid"] for x in run.truth.lines)

    def beneath_debugger(self, plan, bare):
        """Under `forkscope dap` with line debugging: the adapter survives, and the program's output and status are
        unchanged."""
        run = Run(plan, bool(self.options.native))
        env = environment(self.folder, "dap", self.options.native)
        result = dap.debug(self.options, self.program, self.folder, env, LIMIT)
        run.survivors = end_survivors(env["TRUTH"], 3)
        if result.problem:
            return [(result.kind, result.problem)]
        self.add_truth(run, env["TRUTH"])
        # A debugger reports exit codes only.
        run.status = result.exit_code
        bare.status = bare.status if bare.status >= 0 else result.exit_code
        run.stdout, run.stderr = result.stdout, result.stderr
        return list(terminal.compare(run, bare))


def environment(folder, name, native):
    env = dict(os.environ, TRUTH=os.path.join(folder, name + ".truth"), PYTHONDONTWRITEBYTECODE="1", FORKSCOPE_NATIVE=native or "0")
    env.pop("PYTHONPATH", None)
    return env


def without_cores():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def unsound(bare):
    """Why a program is unsuitable for comparison: a fault of the generator."""
    if bare.timed_out:
        return "the program does not end within %d s without Forkscope" % LIMIT
    if bare.truth is None:
        return "the program does not start: %s" % bare.stderr[-300:]
    if bare.truth.notes:
        return "without Forkscope: %s" % "; ".join(bare.truth.notes)
    if not any(x.get("ending") == "main" for x in bare.truth.lines):
        return "without Forkscope the program failed: %s" % bare.stderr[-300:]
    return None


def read(path):
    with open(path, "rb") as file:
        return file.read().decode("utf-8", "replace")


def end_survivors(truth, patience):
    """Kills what is left of a run, or of all runs in a folder, identified by its environment.
    @returns its command lines, after that many seconds
    """
    mark = ("TRUTH=%s" % truth).encode()
    end = time.monotonic() + patience
    while True:
        left = []
        for pid in os.listdir("/proc"):
            if pid.isdigit() and has(pid, mark):
                left.append(int(pid))
        if not left:
            return []
        if time.monotonic() > end:
            break
        time.sleep(0.05)
    lines = [read("/proc/%d/cmdline" % pid).replace("\0", " ").strip()[:100] for pid in left if os.path.exists("/proc/%d" % pid)]
    for pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    return lines


def has(pid, mark):
    try:
        with open("/proc/%s/environ" % pid, "rb") as file:
            return any(each == mark or each.startswith(mark + b"/") for each in file.read().split(b"\0"))
    except OSError:
        return False
