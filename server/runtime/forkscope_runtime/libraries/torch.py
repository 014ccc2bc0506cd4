"""`torch`: torch.multiprocessing is multiprocessing with other reductions. It needs no hooks; only the checks of source text use it."""

from .library import Library


class Torch(Library):
    packages = ()  # it is never loaded in a program
    internals = ()
    typed_families = ("torch.multiprocessing",)


LIBRARY = Torch()
