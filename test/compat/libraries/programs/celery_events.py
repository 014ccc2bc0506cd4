"""celery: a worker whose event loop runs its prefork pool, as with RabbitMQ and Redis. A warm shutdown.

The broker uses folders, and declares that an event loop can wait for it.
"""

import os
import subprocess
import sys

import folders
import probe
from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

HERE = os.getcwd()


class Transport(folders.Transport):
    implements = folders.Transport.implements.extend(asynchronous=True)

    def register_with_event_loop(self, connection, loop):
        def look():
            try:
                while True:
                    self.drain_events(connection, timeout=0)
            except TimeoutError:
                pass

        loop.call_repeatedly(0.05, look)


TRANSPORT_ALIASES["folders"] = "celery_events:Transport"
for name in ("queue", "results", "control"):
    os.makedirs(name, exist_ok=True)
app = Celery("celery_events", broker="folders://", backend="file://" + os.path.join(HERE, "results"))
app.conf.update(
    broker_transport_options={"data_folder_in": "queue", "data_folder_out": "queue", "control_folder": "control"},
    broker_connection_retry_on_startup=True,
    result_persistent=True,
)


@app.task(name="add")
def add(a, b):
    return a + b


@app.task(name="fail")
def fail():
    raise ValueError("on purpose")


if __name__ == "__main__":
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "celery_events", "worker", "--pool", "prefork", "--concurrency", "2",
         "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "critical"],
        stdout=subprocess.DEVNULL, env=dict(os.environ, PYTHONPATH=os.pathsep.join([os.path.dirname(os.path.abspath(__file__))] + os.environ.get("PYTHONPATH", "").split(os.pathsep))),
    )  # fmt: skip
    try:
        print([result.get(timeout=90) for result in [add.delay(n, n) for n in range(6)]])
        print(len(add.delay("x" * 200000, "y").get(timeout=90)))
        try:
            fail.delay().get(timeout=90)
        except ValueError as error:
            print(error)
    finally:
        worker.terminate()
    print(worker.wait(60))
    probe.tell()
