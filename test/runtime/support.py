"""Runs a program as a launcher does, and reads the recorded session."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

from journal_reader import read_session

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
INJECT = os.path.join(ROOT, "server", "runtime", "inject")
POSIX = os.name == "posix"


class Result:
    """The result of a program: its exit code (the negated signal number if killed), its output, its journals by start."""

    def __init__(self, code, stdout, stderr, journals, folder):
        self.code = code
        self.stdout = stdout
        self.stderr = stderr
        self.journals = journals
        self.folder = folder

    @property
    def main(self):
        """The journal of the process started by the launcher."""
        return [each for each in self.journals if each.parent_uid == 0][0]

    def records(self, type):
        """Records of one type from all journals."""
        return [record for journal in self.journals for record in journal.of(type)]

    def events(self, kind):
        """Events of one kind (a name such as 'SEND') from all journals."""
        return [event for journal in self.journals for event in journal.events if event.kind == kind]

    def journal_of(self, pid):
        """The journal of a process."""
        return [each for each in self.journals if each.pid == pid][0]


def make_session(folder):
    """A session folder as created by a launcher, inside `folder`."""
    session = tempfile.mkdtemp(prefix="session-", dir=folder)
    with open(os.path.join(session, "session.json"), "w") as file:
        file.write('{"format": "forkscope-session", "version": 1}')
    return session


def environment(session, options=None, env=None):
    """The environment of a program recorded into `session`; without a session, of the same program run bare."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("FORKSCOPE_")}
    variables.update(env or {})
    if session is not None:
        path = variables.get("PYTHONPATH")
        variables["PYTHONPATH"] = INJECT + (os.pathsep + path if path else "")
        variables["FORKSCOPE_SESSION"] = session
        if "FORKSCOPE_NATIVE" in os.environ:  # all tests with the accelerator, or all without
            variables["FORKSCOPE_NATIVE"] = os.environ["FORKSCOPE_NATIVE"]
        if options:
            variables["FORKSCOPE_OPTIONS"] = options
    return variables


def run(script_or_args, python=sys.executable, options=None, env=None, cwd=None, recorded=True, timeout=60, **named):
    """Run a program to its end.

    :param script_or_args: source text of a script (a str), or what follows the interpreter (a list)
    :param options: value of FORKSCOPE_OPTIONS
    :param env: variables in addition to this process's own
    :param recorded: False runs it without us, to compare
    :param named: goes to subprocess.run
    """
    folder = os.path.realpath(tempfile.mkdtemp(prefix="runtime-test-"))
    try:
        session = make_session(folder)
        args = script_or_args
        if isinstance(args, str):
            script = os.path.join(folder, "program.py")
            with open(script, "w") as file:
                file.write(args)
            args = [script]
        done = subprocess.run(
            [python] + args, env=environment(session if recorded else None, options, env), cwd=cwd or folder,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, **named
        )  # fmt: skip
        out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        return Result(done.returncode, out, err, read_session(session), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_program(source, args=(), **named):
    """Run a script given as an indented text; its line numbers start at the line that opens the text, as line 1."""
    folder = os.path.realpath(tempfile.mkdtemp(prefix="program-"))
    try:
        script = os.path.join(folder, "program.py")
        with open(script, "w") as file:
            file.write(textwrap.dedent(source))
        return run([script] + list(args), cwd=folder, **named)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Alike(unittest.TestCase):
    """Each program runs twice, recorded and bare, and must be indistinguishable from outside."""

    def assertSame(self, program, **named):
        alone = run(program, recorded=False, **named)
        recorded = run(program, **named)
        self.assertEqual((alone.code, alone.stdout), (recorded.code, recorded.stdout), recorded.stderr)
        said = [re.sub(r"pid=\d+", "pid=N", each.stderr.replace(each.folder, "@")) for each in (alone, recorded)]
        self.assertEqual(said[0], said[1])
        self.assertEqual(len(recorded.journals) > 0, True, "nothing was recorded: nothing was compared")
        return recorded
