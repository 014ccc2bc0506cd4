"""The base class of the declarations in this package."""

from ..pristine_os import os


class NamedTask(object):
    """The function of a task that has a name of its own."""

    __module__ = None

    def __init__(self, name, function):
        self.__qualname__ = name
        self.function = function


class Library(object):
    """One library: its name, and its differences from multiprocessing.

    Attributes that the server also needs are literals: scripts/generate.mjs reads them from the source.
    """

    name = ""  # of its module here
    packages = ()  # its top-level packages
    modules = ()  # this module is loaded when the program imports one of these; (): one of the packages
    python2 = False  # whether it is observed in Python 2

    # Source files
    internals = None  # paths below site-packages whose frames are hidden from locations: packages and files; None: the packages
    copies = ()  # packages with the modules and classes of multiprocessing
    constructors = ()  # ends of the paths of files whose functions create objects for their callers

    # Processes
    kinds = {}  # qualified name of a process's target -> the kind of process
    start_methods = {}  # the library's name for a start method -> the recorded one

    # For the server alone
    own_start_methods = ()  # start methods that multiprocessing does not have
    servants = ()  # regular expressions for the targets of threads that only do work submitted by other threads
    own_threads = ()  # modules whose threads are harmless in a fork: the library handles them
    typed_families = ()  # packages with multiprocessing's interface, for the checks of source text
    pickles_anything = False  # whether such a package pickles functions by value
    batch_argument = "chunksize"  # its parameter for the number of calls in a batch; "": there is none
    by_value = ()  # packages that pickle functions by value
    batches = ()  # names of classes whose first argument is a list of (function, args, kwargs)
    own_pools = False  # whether the usage of its pools differs from multiprocessing's, so that advice for those does not apply
    concurrent_tasks = False  # whether a worker of its pools runs several tasks at a time
    message_paths = {}  # of such pools: args, kwargs, items (of a chunk), result, traceback -> path of attributes and indices in the message
    failures = ()  # qualified names of classes that describe an exception by `exception` and `type`
    task_runners = {}  # module of a function that runs a named task -> the key of the arguments' text

    @staticmethod
    def path(text):
        """Part of the path of an installed file, as this system writes it."""
        return os.sep + text.replace("/", os.sep)

    def hooks(self):
        """Pairs (name of a module, hook): each hook is called with the module after the module's own code. A hook is a function, or the name of a
        runtime module, which is loaded then and has a function `install`."""
        return ()

    def assigned_name(self, file):
        """The name of an object that a user frame of this file creates without assigning it to a user's variable; else None."""
        return None

    def pool_name(self, file):
        """The same for a pool created in a frame of this file, which is hidden."""
        return None

    def unwrap(self, function):
        """The function inside of a wrapper of the library, and the number of calls in the batch (0: a single call); None: not such a wrapper.
        Reads only attributes of the library's classes."""
        return None

    def target(self, function, args):
        """The function that a process of the library with this target and arguments runs; None: the target itself."""
        return None

    def named_task(self, function, args):
        """A `NamedTask`, if the library runs tasks by name; None: not such a task."""
        return None

    def failure(self, value):
        """The description of an exception in a result that its pool treats as a success; None: none."""
        return None
