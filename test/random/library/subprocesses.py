def op_sub(C, ctx, how, code):
    """A program started in one of several ways."""
    me = os.getpid()
    source = "import os, sys; %s(%d)" % ("os._exit" if how == "_exit" else "sys.exit", code)
    argv = [sys.executable, "-c", source]
    if how == "spawn":
        pid = os.spawnv(os.P_NOWAIT, sys.executable, argv)
        log(proc=1, of=pid, ppid=me, how="subprocess", forks=1)
        reap(pid)
        return
    if how == "posix_spawn":
        pid = os.posix_spawn(sys.executable, argv, os.environ) if hasattr(os, "posix_spawn") else os.spawnv(os.P_NOWAIT, sys.executable, argv)
        log(proc=1, of=pid, ppid=me, how="subprocess", forks=1)
        reap(pid)
        return
    if how == "sh":
        p = subprocess.Popen("exit %d" % code, shell=True)
    elif how == "sleep":
        p = subprocess.Popen(["sleep", "20"])
    elif how in ("-I", "-E", "-S"):
        p = subprocess.Popen([sys.executable, how, "-c", source])
    elif how == "env":
        p = subprocess.Popen(argv, env={"PATH": os.environ.get("PATH", "")})
    else:
        p = subprocess.Popen(argv)
    log(proc=1, of=p.pid, ppid=me, how="subprocess")
    if how == "sleep":
        time.sleep(0.02)
        p.kill()
    log(exit=p.pid, code=p.wait())


def op_piped(C, ctx, how, size):
    """Communicates with a program through its standard streams."""
    me = os.getpid()
    source = "import sys; text = sys.stdin.read(); sys.stdout.write(text.upper()); sys.stderr.write('!'); sys.exit(4)"
    text = "a" * size
    if how == "check_output":
        got = subprocess.check_output([sys.executable, "-c", "print('b' * %d)" % size])
        assert got.decode().strip() == "b" * size
        log(said=how)
        return
    argv = ["cat"] if how == "cat" else [sys.executable, "-c", source]
    p = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    log(proc=1, of=p.pid, ppid=me, how="subprocess")
    if how == "lines":
        p.stdin.write(text)
        p.stdin.close()
        out, err = p.stdout.read(), p.stderr.read()
        p.stdout.close()
        p.stderr.close()
        p.wait()
    else:
        out, err = p.communicate(text)
    log(exit=p.pid, code=p.returncode)
    assert out == (text if how == "cat" else text.upper()) and err == ("" if how == "cat" else "!"), (out, err)


def op_exec(C, ctx, code):
    me = os.getpid()
    pid = os.fork()
    if pid == 0:
        log(proc=1, ppid=me, how="fork", execs=1)
        os.execv(sys.executable, [sys.executable, "-c", "import sys; sys.exit(%d)" % code])
    reap(pid)
