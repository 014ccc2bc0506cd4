"""celery: a worker with its prefork pool, tasks through folders as broker, a warm shutdown."""

import os
import subprocess
import sys

import probe
from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

HERE = os.getcwd()
TRANSPORT_ALIASES["folders"] = "folders:Transport"
for name in ("queue", "results", "control"):
    os.makedirs(name, exist_ok=True)
app = Celery("celery_prefork", broker="folders://", backend="file://" + os.path.join(HERE, "results"))
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
        [sys.executable, "-m", "celery", "-A", "celery_prefork", "worker", "--pool", "prefork", "--concurrency", "2",
         "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "critical"],
        stdout=subprocess.DEVNULL, env=dict(os.environ, PYTHONPATH=os.pathsep.join([os.path.dirname(os.path.abspath(__file__))] + os.environ.get("PYTHONPATH", "").split(os.pathsep))),
    )  # fmt: skip
    try:
        print([result.get(timeout=90) for result in [add.delay(n, n) for n in range(6)]])
        try:
            fail.delay().get(timeout=90)
        except ValueError as error:
            print(error)
    finally:
        worker.terminate()
    print(worker.wait(60))
    probe.tell()
