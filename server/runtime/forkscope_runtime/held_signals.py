"""Defers the program's signal handlers while a process with a line debugger forks or connects: an exception raised in debugpy's code would be
lost there, or end the connection. Signals without a handler take effect at once.
"""


def hold():
    """Block the handled signals in this thread. Returns the argument for `release`."""
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
    """Unblock them. Handlers of pending signals run here, and their exceptions propagate."""
    if before is not None:
        import signal

        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _handler(signal, number):
    try:
        return signal.getsignal(number)
    except ValueError:
        return None
