"""uvicorn --workers 2: spawned workers that share a socket, requests, a killed worker that is replaced, a graceful
shutdown."""

import os
import signal
import subprocess
import sys

import probe


async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    body = str(os.getpid()).encode() if scope["path"] == "/pid" else b"hello"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "--workers", "2", "--uds", "server.sock", "--log-level", "critical", "--lifespan", "off",
         "--app-dir", here, "uvicorn_workers:application"]
    )  # fmt: skip
    probe.wait_until(lambda: probe.get("server.sock") == "hello")
    workers = set()
    probe.wait_until(lambda: workers.add(probe.get("server.sock", "/pid")) or len(workers - {""}) == 2)
    print([probe.get("server.sock") for _ in range(10)])
    # The supervisor that replaces a dead worker has asked the other one through its pipe whether it is alive.
    os.kill(int(max(workers - {""})), signal.SIGKILL)
    probe.wait_until(lambda: workers.add(probe.get("server.sock", "/pid")) or len(workers - {""}) == 3)
    server.send_signal(signal.SIGTERM)
    print(server.wait(60))
    probe.tell()
