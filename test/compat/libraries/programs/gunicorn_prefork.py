"""gunicorn: two forked workers, requests, a worker that is killed and replaced, a graceful shutdown."""

import os
import signal
import subprocess
import sys

import probe


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode() if environ["PATH_INFO"] == "/pid" else b"hello"]


if __name__ == "__main__":
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--workers", "2", "--log-level", "critical", "--no-control-socket",
         "--chdir", os.path.dirname(os.path.abspath(__file__)), "--bind", "unix:" + os.path.abspath("server.sock"), "gunicorn_prefork:application"]
    )  # fmt: skip
    address = os.path.abspath("server.sock")
    probe.wait_until(lambda: probe.get(address) == "hello")
    print([probe.get(address) for _ in range(10)])
    first = int(probe.get(address, "/pid"))
    os.kill(first, signal.SIGKILL)
    others = set()
    probe.wait_until(lambda: others.add(probe.get(address, "/pid")) or len(others - {"", str(first)}) == 2)
    print(probe.get(address))
    server.send_signal(signal.SIGTERM)
    print(server.wait(60))
    probe.tell()
