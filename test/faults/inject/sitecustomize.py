"""Starts the runtime as its own sitecustomize does, with exceptions thrown inside it.

Every module of the runtime is modified when it is read: a probe is inserted before each statement that is ours alone
(not the program's own call in the middle of a wrapper). A probe may raise, as that statement could. The environment
selects the probes:

    FAULTS=list            none; reached probes are written to FAULTS_LOG
    FAULTS=one:SITE        the one at SITE, when first reached in each process
    FAULTS=random:SEED:N   about one of N, but none while the runtime starts: a failure there ends all recording

FAULTS_CACHE names a folder that caches the modified modules.
"""


def _begin():
    import marshal
    import os
    import sys
    import zlib
    from importlib.machinery import SourceFileLoader
    from importlib.util import spec_from_file_location

    here = os.path.dirname(os.path.abspath(__file__))
    home = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(here))), "server", "runtime")
    package = os.path.join(home, "forkscope_runtime")
    kind, _, rest = os.environ.get("FAULTS", "list").partition(":")
    log = os.environ.get("FAULTS_LOG")
    cache = os.environ.get("FAULTS_CACHE")

    # Not in these modules: exceptions end there, or they only define names.
    whole = {"errors", "state", "compat", "vocabulary"}
    starting = {"boot", "journal", "mapping", "folder", "control", "importing", "hooks", "blocks", "records"}

    class Injected(Exception):
        """Raised by a probe."""

    # The probe is compiled as a part of the runtime, so that its exception counts as the runtime's own.
    source = """
def probe(site, called_by_us):
    if called_by_us and not sys._getframe(2).f_code.co_filename.startswith(package):
        return
    count = hits[site] = hits.get(site, 0) + 1
    if kind == "list":
        if count == 1:
            note(site)
    elif kind == "one":
        if site == rest and count == 1:
            note(site)
            raise Injected(site)
    elif not started or site.partition(":")[0] in starting or ":install" in site:
        pass
    elif zlib.crc32(("%s %d %s" % (site, count, seed)).encode()) % rate == 0:
        note(site)
        raise Injected(site)
"""

    def note(site):
        if log:
            fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(fd, (site + "\n").encode())
            finally:
                os.close(fd)

    seed, _, rate = rest.partition(":") if kind == "random" else ("", "", "1")
    names = {
        "sys": sys, "package": package, "hits": {}, "kind": kind, "rest": rest, "seed": seed, "rate": int(rate), "zlib": zlib,
        "note": note, "Injected": Injected, "starting": starting, "started": [],
    }  # fmt: skip
    exec(compile(source, os.path.join(package, "probe.py"), "exec"), names)
    probe = names["probe"]

    class Late:
        """The module `ast`, which is imported only without a cache."""

        def __getattr__(self, name):
            import ast

            return getattr(ast, name)

    ast = Late()

    def is_guard(node):
        """A try whose handler ends our exceptions."""
        for handler in node.handlers:
            if isinstance(handler.type, ast.Name) and handler.type.id == "Exception":
                called = [each.func.id for each in ast.walk(handler) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)]
                if "report" in called or isinstance(handler.body[0], ast.Pass):
                    return True
        return False

    def is_wrapper(function):
        """It makes the program's own call: only the guarded parts are ours alone."""
        return any(isinstance(each, ast.Name) and each.id == "original" for each in ast.walk(function))

    def statements(body, prefix, guarded, ours, module):
        """The same statements with probes before them. `guarded`: inside a guard; `ours`: of a function that we call
        ourselves."""
        result = []
        for node in body:
            if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Global, ast.Nonlocal)) and (guarded or ours):
                harmless = isinstance(node, ast.Try) and is_guard(node)
                if not harmless and not (isinstance(node, ast.Expr) and isinstance(getattr(node.value, "value", None), str)):
                    call = ast.parse("_fault(%r, %r)" % ("%s:%s:%d" % (module, prefix, node.lineno), not guarded)).body[0]
                    result.append(ast.copy_location(call, node))
            visit(node, prefix, guarded, ours, module)
            result.append(node)
        return result

    def visit(node, prefix, guarded, ours, module):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            name = (prefix + "." if prefix else "") + node.name
            if isinstance(node, ast.FunctionDef):
                # a callback of the interpreter's, which has no caller to handle an exception
                plain = node.name != "forget" and not is_wrapper(node)
                node.body = statements(node.body, name, False, plain, module)
            else:
                node.body = statements(node.body, name, False, False, module)
            return
        for field in ("body", "orelse", "finalbody"):
            inner = getattr(node, field, None)
            if isinstance(inner, list) and inner and isinstance(inner[0], ast.stmt):
                inside = guarded or (field == "body" and isinstance(node, ast.Try) and is_guard(node))
                setattr(node, field, statements(inner, prefix, inside, ours, module))
        for handler in getattr(node, "handlers", ()):
            handler.body = statements(handler.body, prefix, guarded, ours and not is_guard(node), module)

    class Loader(SourceFileLoader):
        def get_code(self, fullname):
            path = self.get_filename(fullname)
            kept = os.path.join(cache, fullname) if cache else None
            if kept and os.path.exists(kept):
                with open(kept, "rb") as file:
                    return marshal.loads(file.read())
            code = self.changed(fullname, path)
            if kept:
                with open(kept + ".%d" % os.getpid(), "wb") as file:
                    file.write(marshal.dumps(code))
                os.rename(kept + ".%d" % os.getpid(), kept)
            return code

        def changed(self, fullname, path):
            tree = ast.parse(self.get_data(path))
            module = fullname.partition(".")[2]
            if module.rpartition(".")[2] not in whole and module:
                for node in tree.body:
                    visit(node, "", False, False, module)
                ast.fix_missing_locations(tree)
            return compile(tree, path, "exec", dont_inherit=True)

        def exec_module(self, module):
            module._fault = probe
            super().exec_module(module)

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name.partition(".")[0] != "forkscope_runtime":
                return None
            base = os.path.join(home, *name.split("."))
            if os.path.isdir(base):
                file = os.path.join(base, "__init__.py")
                return spec_from_file_location(name, file, loader=Loader(name, file), submodule_search_locations=[base])
            return spec_from_file_location(name, base + ".py", loader=Loader(name, base + ".py"))

    sys.meta_path.insert(0, Finder)
    sys.path[:] = [folder for folder in sys.path if folder != here]
    real = os.path.join(home, "inject", "sitecustomize.py")
    # Prepared compiled modules have no probes.
    prepared = os.environ.pop("FORKSCOPE_CACHE", None)
    try:
        with open(real) as file:
            exec(compile(file.read(), real, "exec"), {"__name__": "sitecustomize", "__file__": real})
    finally:
        if prepared is not None:
            os.environ["FORKSCOPE_CACHE"] = prepared
    names["started"].append(True)


_begin()
