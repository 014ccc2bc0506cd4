"""The command line of the machine."""
import argparse
import os
import sys


def parse(arguments):
    parser = argparse.ArgumentParser(prog="npm run test:random --", description="Random programs with a truth of their own, bare and under Forkscope.")
    parser.add_argument("--runs", type=int, default=30, help="how many programs (default: 30)")
    parser.add_argument("--seed", type=int, default=1, help="the first seed; the others follow (default: 1)")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that runs them")
    parser.add_argument("--native", nargs="?", const="build", help="with the accelerator (a folder with a built one, or built now)")
    parser.add_argument("--method", choices=["fork", "spawn", "forkserver"], help="this start method in all of them")
    parser.add_argument("--under", choices=["run", "dap"], default="run", help="forkscope run, or forkscope dap with line debugging")
    parser.add_argument("--jobs", type=int, default=1, help="how many at once (default: 1)")
    parser.add_argument("--part", default="1/1", help="2/5: the second fifth of the seeds")
    parser.add_argument("--load", action="store_true", help="busy processes beside them, two for each processor")
    parser.add_argument("--shrink", type=int, default=60, help="runs spent to make a failing program smaller (0: none)")
    parser.add_argument("--restart", action="store_true", help="do not go on where an interrupted run stopped")
    parser.add_argument("--keep", action="store_true", help="keep the files of programs that passed, too")
    parser.add_argument("--print", action="store_true", help="print the program of the seed, and run nothing")
    parser.add_argument("--no-build", action="store_true", help="test what was built before")
    # Passed by the script that starts this.
    for name in ("node", "cli", "root", "out", "debugpy"):
        parser.add_argument("--" + name, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    options.root = options.root or root
    options.node = options.node or "node"
    options.cli = options.cli or os.path.join(options.root, "dist", "cli.js")
    options.out = options.out or os.path.join(options.root, "out", "random")
    # Programs run in their own folders.
    for name in ("cli", "out", "native", "debugpy"):
        if getattr(options, name):
            setattr(options, name, os.path.abspath(getattr(options, name)))
    options.number, options.parts = part_of(parser, options.part)
    return options


def part_of(parser, text):
    try:
        number, parts = (int(each) for each in text.split("/"))
    except ValueError:
        number = parts = 0
    if not 1 <= number <= parts:
        parser.error("--part is written like 2/5")
    return number, parts
