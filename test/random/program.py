"""The source text of a plan: the library, then the plan as data, then main."""
import os

from plan import walk

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "library")
PARTS = ("base", "channels", "processes", "subprocesses", "signals", "services", "crews", "pools")


def part(name):
    with open(os.path.join(HERE, name + ".py")) as file:
        return file.read()


def made(each):
    """The line that creates a channel: its variable is its name in the report."""
    kind, name = each["kind"], each["name"]
    if kind == "Pipe":
        return "%s, %s = ctx.Pipe(%s)" % (each["ends"][0], each["ends"][1], each["duplex"])
    if kind == "Value":
        return "%s = ctx.Value('i', 0)" % name
    if kind == "Array":
        return "%s = ctx.Array('i', 3)" % name
    return "%s = ctx.%s(%s)" % (name, kind, each["cap"] or "")


def names(each):
    return each["ends"] if each["kind"] == "Pipe" else [each["name"]]


def executor(name, args):
    """Lines that create an executor of the given kind."""
    size, mode = args["size"], args["mode"]
    more = {"initfail": ", initializer=refuse", "maxtasks": ", **most"}.get(mode, "")
    context = "mp.get_context('spawn')" if mode == "maxtasks" else "ctx"
    return ["from concurrent.futures import ProcessPoolExecutor", "most = {'max_tasks_per_child': 1} if sys.version_info >= (3, 11) else {}",
            "%s = ProcessPoolExecutor(%d, mp_context=%s%s)" % (name, size, context, more)]


MADE = ("pool", "local", "graceful", "crew", "echo")


def maker(op):
    """The function that creates the object of an operation, in a variable with its name."""
    kind, args = op
    name = args["name"]
    made = name
    if kind in ("local", "graceful"):
        lines = ["%s = ctx.Queue()" % name]
    elif kind == "echo":
        made = "%sa, %sb" % (name, name)
        lines = ["%s = ctx.Pipe()" % made]
    elif kind == "crew":
        made = "%sj, %sr" % (name, name)
        lines = ["%sj = ctx.%s()" % (name, args["kind"]), "%sr = ctx.%s()" % (name, "SimpleQueue" if args["kind"] == "SimpleQueue" else "Queue")]
    elif args["kind"] == "Executor":
        lines = executor(name, args)
    elif args["kind"] == "ThreadPool":
        lines = ["from multiprocessing.pool import ThreadPool", "%s = ThreadPool(%d)" % (name, args["size"])]
    else:
        lines = ["%s = ctx.Pool(%d%s)" % (name, args["size"], ", maxtasksperchild=2" if args["mode"] == "maxtasks" else "")]
    return "def make_%s(ctx):\n%s\n    return %s\n" % (name, "\n".join("    " + line for line in lines), made)


def source(plan, title):
    """The whole program."""
    makers = [op for op in walk(plan["ops"]) if op[0] in MADE]
    text = ["# " + title] + [part(each) for each in PARTS]
    text += [maker(op) for op in makers]
    text.append("MAKERS = {%s}\n" % ", ".join("%r: make_%s" % (op[1]["name"], op[1]["name"]) for op in makers))
    every = [name for each in plan["channels"] for name in names(each)]
    text.append("def channels(ctx):\n%s    return {%s}\n" % (
        "".join("    %s\n" % made(each) for each in plan["channels"]), ", ".join("%r: %s" % (name, name) for name in every)))
    text.append("METHOD = %r\nEND = %r\nSHARED = %r\nOPS = %s\n" % (plan["method"], plan["end"], plan["shared"], shown(stripped(plan["ops"]))))
    text.append(part("main"))
    return "\n\n".join(text)


def shown(ops, indent=4):
    """Operations as Python, one per line."""
    if not ops:
        return "[]"
    pad = " " * indent
    lines = []
    for name, args in ops:
        inner = ["%r: %s" % (key, shown(value, indent + 4) if key == "ops" else
                             "[%s]" % ", ".join(shown(each, indent + 4) for each in value) if key == "lists" else repr(value)) for key, value in args.items()]
        lines.append("%s[%r, {%s}],\n" % (pad, name, ", ".join(inner)))
    return "[\n%s%s]" % ("".join(lines), pad[4:])


NOT_ARGUMENTS = {"pool": ("size",), "child": ("victim",)}


def stripped(ops):
    """The operations with the arguments of the library's functions only."""
    out = []
    for name, args in ops:
        args = {key: value for key, value in args.items() if key not in NOT_ARGUMENTS.get(name, ())}
        if "ops" in args:
            args["ops"] = stripped(args["ops"])
        if "lists" in args:
            args["lists"] = [stripped(each) for each in args["lists"]]
        out.append([name, args])
    return out
