"""`joblib.pool`: a subclass of multiprocessing's Pool with queues of its own."""

import sys

from .pools import setting_up


def install(module):
    """The rest is multiprocessing's."""
    mapstar = sys.modules["multiprocessing.pool"].mapstar
    module.PicklingPool._setup_queues = setting_up(module.PicklingPool._setup_queues, mapstar)
