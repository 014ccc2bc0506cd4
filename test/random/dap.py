"""A small client of the Debug Adapter Protocol: starts a program under `forkscope dap` with line debugging and lets it
run."""
import json
import queue
import subprocess
import threading
import time


class Result(object):
    """The result of a debug session."""
    kind = problem = exit_code = None
    stdout = stderr = ""


class Adapter(object):
    """One adapter process, driven over its standard streams."""

    def __init__(self, argv, env):
        self.process = subprocess.Popen(argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.sequence = 0
        self.inbox = queue.Queue()
        self.errors = []
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=lambda: self.errors.extend(self.process.stderr), daemon=True).start()

    def read(self):
        stream = self.process.stdout
        try:
            while True:
                length = 0
                while True:
                    line = stream.readline()
                    if not line:
                        return
                    if not line.strip():
                        break
                    name, value = line.split(b":", 1)
                    if name.lower() == b"content-length":
                        length = int(value)
                self.inbox.put(json.loads(stream.read(length).decode("utf-8")))
        except (OSError, ValueError):
            pass
        finally:
            self.inbox.put(None)

    def send(self, command, **arguments):
        self.sequence += 1
        body = json.dumps({"seq": self.sequence, "type": "request", "command": command, "arguments": arguments}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None
        return self.process.returncode


def debug(options, program, folder, env, limit):
    """One session: launch, configure, run to the end; resumes at once after a pause."""
    result = Result()
    adapter = Adapter([options.node, options.cli, "dap"], env)
    try:
        talk(adapter, options, program, folder, env, limit, result)
    except (OSError, ValueError) as error:
        result.kind, result.problem = "adapter-died", "the adapter took no more: %s; %s" % (error, said(adapter))
    status = adapter.close()
    if not result.problem and status != 0:
        result.kind, result.problem = "adapter-died", "the adapter ended with %s; %s" % (status, said(adapter))
    return result


def said(adapter):
    return b"".join(adapter.errors).decode("utf-8", "replace")[-600:]


def talk(adapter, options, program, folder, env, limit, result):
    adapter.send("initialize", adapterID="forkscope", linesStartAt1=True, columnsStartAt1=True, pathFormat="path")
    launch = {"program": program, "python": options.python, "console": "internalConsole", "lineDebugging": "on", "cwd": folder,
              "env": {"TRUTH": env["TRUTH"]}}
    if options.debugpy:
        launch["debugpy"] = options.debugpy
    adapter.send("launch", **launch)
    end = time.monotonic() + limit
    while True:
        try:
            message = adapter.inbox.get(True, max(0.01, end - time.monotonic()))
        except queue.Empty:
            result.kind, result.problem = "timeout", "the session did not end within %d s" % limit
            return
        if message is None:
            result.kind, result.problem = "adapter-died", "the adapter ended in the middle: %s" % said(adapter)
            return
        if message["type"] == "response" and not message["success"]:
            if message["command"] in ("initialize", "launch", "setBreakpoints", "configurationDone"):
                result.kind, result.problem = "refused", "%s: %s" % (message["command"], message.get("message"))
                return
        if message["type"] == "event" and heard(adapter, message, program, result):
            return


def heard(adapter, message, program, result):
    """One event. @returns whether the session is over"""
    name, body = message["event"], message.get("body") or {}
    if name == "initialized":
        adapter.send("setBreakpoints", source={"path": program}, breakpoints=[])
        adapter.send("setExceptionBreakpoints", filters=[])
        adapter.send("configurationDone")
    elif name == "stopped":
        adapter.send("continue", threadId=body.get("threadId", 1))
    elif name == "exited":
        result.exit_code = body.get("exitCode")
    elif name == "output" and body.get("category") in ("stdout", "stderr"):
        setattr(result, body["category"], getattr(result, body["category"]) + body["output"])
    return name == "terminated"
