"""`torch`: torch.multiprocessing is multiprocessing with other reductions. There is nothing to hook; it is known to the checks of source text."""

from .library import Library


class Torch(Library):
    packages = ()  # nothing of it is loaded in a program
    internals = ()
    typed_families = ("torch.multiprocessing",)


LIBRARY = Torch()
