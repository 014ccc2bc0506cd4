"""subprocess: a pipeline of three, a shell, an error, a timeout, preexec_fn; and the same with asyncio."""

import asyncio
import os
import subprocess
import sys

import probe

UPPER = "import sys; sys.stdout.write(sys.stdin.read().upper())"


async def by_asyncio():
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", UPPER, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out, _ = await child.communicate(b"asynchronous")
    print(out, child.returncode)


if __name__ == "__main__":
    first = subprocess.Popen(["printf", "c\\nb\\na\\n"], stdout=subprocess.PIPE)
    second = subprocess.Popen(["sort"], stdin=first.stdout, stdout=subprocess.PIPE)
    first.stdout.close()
    third = subprocess.Popen([sys.executable, "-c", UPPER], stdin=second.stdout, stdout=subprocess.PIPE)
    second.stdout.close()
    print(third.communicate()[0], [each.wait() for each in (first, second, third)])
    print(subprocess.check_output("echo from a shell | tr a-z A-Z", shell=True))
    print(subprocess.run([sys.executable, "-I", "-c", "print(1); raise SystemExit(3)"], stdout=subprocess.PIPE))
    try:
        subprocess.run(["sleep", "60"], timeout=0.2)
    except subprocess.TimeoutExpired as error:
        print(type(error), error.cmd)
    print(subprocess.check_output(["sh", "-c", "ulimit -n"], preexec_fn=os.setsid) != b"")
    asyncio.run(by_asyncio())
    probe.tell()
