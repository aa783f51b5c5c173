"""What sockets this process has open, so that a test can see that none stays behind."""

import socket
from pathlib import Path

__all__ = ["socket_names"]


def socket_names() -> list[object]:
    """List the own address of each socket of this process, as `socket.getsockname` gives it."""
    names: list[object] = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            if not str(entry.readlink()).startswith("socket:"):
                continue
        except FileNotFoundError:  # what was open to list the folder
            continue
        sock = socket.socket(fileno=int(entry.name))
        try:
            names.append(sock.getsockname())
        finally:
            sock.detach()
    return names
