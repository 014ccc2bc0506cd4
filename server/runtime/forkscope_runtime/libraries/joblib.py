"""`joblib`: submits batches of calls to a subclass of multiprocessing's Pool, or to its vendored loky."""

import sys

from .library import Library
from .loky import loky_hooks, unwrap_by_value

_HERE = Library.path("joblib/")
_EXTERNALS = Library.path("joblib/externals/")


def _pool(module):
    """A subclass of Pool with queues of its own."""
    from ..hooks.pools import setting_up

    mapstar = sys.modules["multiprocessing.pool"].mapstar
    module.PicklingPool._setup_queues = setting_up(module.PicklingPool._setup_queues, mapstar)


class Joblib(Library):
    packages = ("joblib",)
    constructors = ("loky/backend/context.py", "loky/backend/queues.py")
    kinds = {"joblib.externals.loky.process_executor._process_worker": "executor-worker"}
    start_methods = {"loky_init_main": "loky"}
    servants = (r"joblib\.externals\.loky\.(process_executor|backend)\.",)
    own_threads = ("joblib",)
    batch_argument = "batch_size"
    by_value = ("joblib.externals.cloudpickle",)
    batches = ("BatchedCalls",)

    def hooks(self):
        return loky_hooks("joblib.externals.loky") + (("joblib.pool", _pool),)

    def pool_name(self, file):
        """No variable of the user holds its pools."""
        return "joblib" if _HERE in file and _EXTERNALS not in file else None

    def unwrap(self, function):
        name = type(function).__name__
        if name == "BatchedCalls" and type(function).__module__ == "joblib.parallel":
            items = function.items
            return (items[0][0], len(items)) if items else None
        if name == "_TracebackCapturingWrapper":
            return vars(function).get("func"), 0
        return unwrap_by_value(function)


LIBRARY = Joblib()
