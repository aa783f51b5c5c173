"""Checks in a forked process."""

import os
import signal
import warnings
from collections.abc import Callable

__all__ = ["in_child"]


def in_child(check: Callable[[], bool]) -> bool:
    """Tell what *check* gives in a forked process; ``False`` if it does not end."""
    with warnings.catch_warnings():
        # Python warns that threads are not forked, which is the subject.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        code = 1
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(20)
            code = 0 if check() else 2
        finally:
            os._exit(code)
    return os.waitpid(pid, 0)[1] == 0
