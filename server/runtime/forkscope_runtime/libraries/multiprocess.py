"""`multiprocess`: a copy of multiprocessing under its own name, with dill instead of pickle."""

from .library import Library
from .standard import multiprocessing_hooks


class Multiprocess(Library):
    packages = ("multiprocess",)
    copies = ("multiprocess",)
    constructors = (
        "multiprocess/context.py",
        "multiprocess/queues.py",
        "multiprocess/connection.py",
        "multiprocess/synchronize.py",
        "multiprocess/__init__.py",
    )
    kinds = {"multiprocess.pool.worker": "pool-worker"}
    servants = (r"multiprocess\.(?!pool\.worker$|managers\.)",)
    own_threads = ("multiprocess",)
    typed_families = ("multiprocess",)
    pickles_anything = True
    by_value = ("dill",)

    def hooks(self):
        return multiprocessing_hooks("multiprocess")


LIBRARY = Multiprocess()
