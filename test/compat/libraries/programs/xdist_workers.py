"""pytest-xdist: tests on two workers, with one failing test."""

import re
import subprocess
import sys

import probe

TESTS = """
import pytest

@pytest.mark.parametrize("number", range(20))
def test_number(number):
    assert number != 13
"""

if __name__ == "__main__":
    with open("test_numbers.py", "w") as file:
        file.write(TESTS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "-q", "-p", "no:cacheprovider", "--no-header", "--color=no", "test_numbers.py"],
        stdout=subprocess.PIPE, universal_newlines=True,
    )  # fmt: skip
    print(re.findall(r"\d+ (?:passed|failed)", done.stdout), "assert 13 != 13" in done.stdout, done.returncode)
    probe.tell()
