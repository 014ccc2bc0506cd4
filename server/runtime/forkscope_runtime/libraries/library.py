"""What a module of this package declares."""

from ..pristine_os import os


class NamedTask(object):
    """The function of a task that has a name of its own."""

    __module__ = None

    def __init__(self, name, function):
        self.__qualname__ = name
        self.function = function


class Library(object):
    """One library: what it is called, and how it differs from multiprocessing.

    The attributes that the server needs too are literals: scripts/generate.mjs reads them from the source.
    """

    name = ""  # of its module here
    packages = ()  # its top-level packages
    modules = ()  # the module here is loaded when the program looks for one of these; (): for one of the packages
    python2 = False  # whether it is observed in Python 2

    # Source files
    internals = None  # paths below site-packages whose frames are hidden from locations: packages and files; None: the packages
    copies = ()  # packages with the modules and classes of multiprocessing
    constructors = ()  # ends of the paths of files whose functions make objects for their callers

    # Processes
    kinds = {}  # qualified name of a process's target -> the kind of process
    start_methods = {}  # the library's name for a start method -> the one that is recorded

    # For the server alone
    own_start_methods = ()  # start methods that multiprocessing does not have
    servants = ()  # regular expressions for the targets of threads that act only on what others gave them to do
    own_threads = ()  # modules whose threads do no harm in a fork: the library looks after them
    typed_families = ()  # packages with multiprocessing's interface, for the checks of source text
    pickles_anything = False  # whether such a package pickles functions by value
    batch_argument = "chunksize"  # what it calls the number of calls that travel together; "": it cannot be chosen
    by_value = ()  # packages that pickle functions by value
    batches = ()  # names of classes whose first argument is a list of (function, args, kwargs)
    own_pools = False  # whether its pools are used otherwise than multiprocessing's: the advice for those does not fit
    concurrent_tasks = False  # whether a worker of theirs runs several tasks at a time
    message_paths = {}  # of such pools: args, kwargs, items (of a chunk), result, traceback -> path of attributes and indices in the message
    failures = ()  # qualified names of classes that describe an exception by `exception` and `type`
    task_runners = {}  # module of a function that runs a named task -> the key under which the task's arguments are as text

    @staticmethod
    def path(text):
        """Part of the path of an installed file, as this system writes it."""
        return os.sep + text.replace("/", os.sep)

    def hooks(self):
        """Pairs (name of a module, hook): each hook is called with the module after the module's own code. A hook is a function, or the name of a
        module of the runtime, which is loaded then and has a function `install`."""
        return ()

    def assigned_name(self, file):
        """The name of what is made in a user's frame of this file, where no variable of the user's holds it; else None."""
        return None

    def pool_name(self, file):
        """The same of a pool that is made in a frame of this file, which is hidden."""
        return None

    def unwrap(self, function):
        """What a wrapper of the library's calls, and how many calls of it travel together (0: it is one call); None: this is not such a wrapper.
        Only attributes of the library's classes are read."""
        return None

    def target(self, function, args):
        """What a process of the library's runs that is started with this target and arguments; None: the target itself."""
        return None

    def named_task(self, function, args):
        """A `NamedTask`, where the library runs tasks by their names; None: this is not such a task."""
        return None

    def failure(self, value):
        """The description of an exception in a result that its pool takes for a success; None: there is none."""
        return None
