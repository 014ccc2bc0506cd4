"""Django's development server with its autoreloader: a file changes, the server restarts, an interrupt ends it."""

import os
import signal
import socket
import subprocess
import sys
import time

import probe

SITE = """
import os, sys
from django.conf import settings
from django.http import HttpResponse
from django.urls import path
settings.configure(DEBUG=True, SECRET_KEY="x", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], INSTALLED_APPS=[], USE_TZ=True)
urlpatterns = [path("", lambda request: HttpResponse("version %d"))]
if __name__ == "__main__":
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
"""


def write(version):
    with open("site_under_test.py", "w") as file:
        file.write(SITE % version)


if __name__ == "__main__":
    write(1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "site_under_test.py", "runserver", "--skip-checks", "127.0.0.1:%d" % port],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    probe.wait_until(lambda: probe.get(port) == "version 1")
    print(probe.get(port))
    write(2)
    changed = []

    def reloaded():
        # A change before the reloader's first scan goes unnoticed: then makes another one.
        if not changed or time.time() - changed[-1] > 10:
            changed.append(time.time())
            os.utime("site_under_test.py", (changed[-1] + 5, changed[-1] + 5))
        return probe.get(port) == "version 2"

    probe.wait_until(reloaded)
    print(probe.get(port))
    server.send_signal(signal.SIGINT)
    print(server.wait(60))
    probe.tell()
