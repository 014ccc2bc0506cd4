"""The completed seeds, in a file: an interrupted run continues where it stopped."""
import hashlib
import json
import os


def fingerprint(files):
    """A hash of the tested files: another build starts over."""
    hash = hashlib.sha256()
    for path in files:
        with open(path, "rb") as file:
            hash.update(path.encode() + file.read())
    return hash.hexdigest()[:16]


def tested_files(root):
    """The command line, the runtime, and this machine."""
    found = [os.path.join(root, "dist", "cli.js")]
    for folder in ("server/runtime", "test/random"):
        for where, folders, names in os.walk(os.path.join(root, folder)):
            folders[:] = sorted(each for each in folders if each != "__pycache__")
            found += [os.path.join(where, name) for name in sorted(names) if name.endswith((".py", ".c", ".h"))]
    return found


class State(object):
    """The completed seeds of one configuration, with their mismatches."""

    def __init__(self, path, key, fresh):
        self.path, self.key, self.done = path, key, {}
        if not fresh and os.path.exists(path):
            with open(path) as file:
                before = json.load(file)
            if before["key"] == key:
                self.done = before["done"]

    def add(self, seed, mismatches):
        self.done[str(seed)] = mismatches
        self.write()

    def write(self):
        part = self.path + ".part"
        with open(part, "w") as file:
            json.dump({"key": self.key, "done": self.done}, file)
        os.replace(part, self.path)

    def forget(self):
        """All was run: the next time starts over."""
        if os.path.exists(self.path):
            os.remove(self.path)
