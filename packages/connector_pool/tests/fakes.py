"""Connections for tests of the policies: they have a key, and remember that they were closed."""

from martlet_interfaces import ConnectionKey

__all__ = ["Fake", "key"]


def key(host: str = "a", port: int = 80, *, is_ssl: bool = False) -> ConnectionKey:
    return ConnectionKey(host, port, is_ssl)


class Fake:
    """A connection without a network. *ready* is what it says of itself."""

    def __init__(self, name: ConnectionKey, number: int = 0) -> None:
        self.key = name
        self.number = number
        self.closed = 0
        self.ready = True
        self.asked: list[float] = []

    def __repr__(self) -> str:
        return f"<Fake {self.key.host}{self.number}>"

    def close(self) -> None:
        self.closed += 1

    def is_ready(self, idle: float) -> bool:
        self.asked.append(idle)
        return self.ready
