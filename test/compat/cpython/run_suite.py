"""Runs one of CPython's own suites with `python -m test`, and writes the outcome of each test to a file.

run_suite.py RESULTS [--testdir FOLDER] [--match TEST]... MODULE

RESULTS gets one line per test: outcome, tab, the test's id, tab, the seconds since the previous line (including
class setup and teardown). The file is opened for each line, so that the tests find no descriptor of it. It runs on
every Python that Forkscope supports, so it is written for 2.7 too.
"""

import os
import runpy
import sys
import time
import unittest

OUTCOMES = {
    "addSuccess": "passed",
    "addFailure": "failed",
    "addError": "error",
    "addSkip": "skipped",
    "addExpectedFailure": "expected failure",
    "addUnexpectedSuccess": "unexpected success",
}


def note_outcomes(path, pid):
    """Make unittest's results write to `path`, in this process only: the tests' own children inherit the patched
    classes."""

    clock = getattr(time, "monotonic", time.time)  # the current one: some tests replace it
    before = [clock()]

    def write(outcome, test):
        if os.getpid() == pid:
            last, before[0] = before[0], clock()
            with open(path, "a") as file:
                # A subtest's values follow its test's name, and may vary from run to run.
                file.write("%s\t%s\t%.1f\n" % (outcome, test.id().split(" ")[0], before[0] - last))

    def noting(original, outcome):
        def add(self, test, *args):
            write(outcome, test)
            return original(self, test, *args)

        return add

    for name, outcome in OUTCOMES.items():
        setattr(unittest.TestResult, name, noting(getattr(unittest.TestResult, name), outcome))

    subtest = getattr(unittest.TestResult, "addSubTest", None)
    if subtest is not None:

        def addSubTest(self, test, sub, error):
            if error is not None:
                write("failed" if issubclass(error[0], test.failureException) else "error", test)
            return subtest(self, test, sub, error)

        unittest.TestResult.addSubTest = addSubTest


def main(argv):
    results, arguments = os.path.abspath(argv[1]), argv[2:]
    note_outcomes(results, os.getpid())
    sys.path[0] = os.getcwd()  # as for `python -m`
    name = "test" if sys.version_info[0] > 2 else "test.regrtest"
    sys.argv = [name, "-v"] + arguments
    runpy.run_module(name, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv)
