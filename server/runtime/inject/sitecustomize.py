"""Python finds this module at its start through PYTHONPATH. It executes forkscope_runtime/starting.py, from the bundle if there is one.

It is short, because each start compiles it if no bytecode can be cached.
"""


def _begin():
    import os
    import sys

    here = os.path.dirname(os.path.abspath(__file__))
    source = os.path.join(os.path.dirname(here), "forkscope_runtime", "starting.py")
    names = {"__name__": "forkscope_starting", "__file__": source, "HERE": here, "MODULES": (), "PLAIN": {}, "BUNDLE": ""}
    code = None
    try:
        names["BUNDLE"] = os.path.join(os.environ["FORKSCOPE_CACHE"], sys.implementation.cache_tag + ".bundle")
        fd = os.open(names["BUNDLE"], os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            status = os.fstat(fd)
            if status.st_uid == os.geteuid() and not status.st_mode & 0o022:  # no other user can have written it
                from _frozen_importlib_external import MAGIC_NUMBER
                from marshal import loads

                head = os.read(fd, 16)
                if head.startswith(MAGIC_NUMBER):
                    code, names["MODULES"], names["PLAIN"] = loads(os.read(fd, int.from_bytes(head[8:], "little")))
        finally:
            os.close(fd)
    except Exception:
        pass  # no matching bundle: use the sources
    if code is None:
        with open(source, "rb") as file:
            code = compile(file.read(), source, "exec")
    exec(code, names)


_begin()
