"""`billiard`: Celery's fork of multiprocessing. Most of its classes are unchanged; its pool differs."""

from .library import Library


def _queues(module):
    from .billiard_pipes import install_queues

    install_queues(module)


def _connection(module):
    from .billiard_pipes import install_connection

    install_connection(module)


class Billiard(Library):
    packages = ("billiard",)
    copies = ("billiard",)
    constructors = (
        "billiard/context.py",
        "billiard/queues.py",
        "billiard/connection.py",
        "billiard/synchronize.py",
        "billiard/__init__.py",
    )
    kinds = {"billiard.pool.Worker": "pool-worker"}
    typed_families = ("billiard",)
    failures = ("billiard.einfo.ExceptionInfo",)

    def hooks(self):
        return (
            # Its util uses multiprocessing's own `_exit_function`, which hooks.endings handles already.
            ("billiard.process", "hooks.processes"),
            ("billiard.compat", "hooks.spawning"),
            ("billiard.forkserver", "hooks.helpers"),
            ("billiard.semaphore_tracker", "hooks.helpers"),
            ("billiard.connection", "hooks.connections"),
            ("billiard.connection", _connection),
            ("billiard.queues", "hooks.queues"),
            ("billiard.queues", _queues),
            ("billiard.synchronize", "hooks.locks"),
            ("billiard.pool", "libraries.billiard_pools"),
            ("billiard.pool", "hooks.results"),
        )


LIBRARY = Billiard()
