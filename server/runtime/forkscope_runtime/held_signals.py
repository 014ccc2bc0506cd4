"""While a process with a line debugger forks, and while one connects, the program's signal handlers wait: what one raises in debugpy's code would
be lost there, or end the connection. A signal without a handler does what it does at once.
"""


def hold():
    """Hold back those signals in this thread. Answers what `release` is to be given."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):
        return None
    handled = [number for number in range(1, signal.NSIG) if callable(_handler(signal, number))]
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, handled)
    except BaseException:  # of a handler whose signal came just before
        release(before)
        raise
    return before


def release(before):
    """From now on they come; those that came meanwhile come here, and what their handlers raise is raised."""
    if before is not None:
        import signal

        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _handler(signal, number):
    try:
        return signal.getsignal(number)
    except ValueError:
        return None
